"""List the common given names of Azerbaijan, in the Azerbaijani spelling and in lower case.

Not a register: a name that is missing here is only judged by its letters.
"""

COMMON_NAMES = """
abbas abduləli abdulla abid abil abuzər adəm adgözəl adil adilə afaq afət afiq agil ağa ağabala ağaəli ağahüseyn
ağakərim ağakişi ağamirzə ağarza ağasəf ağasəlim ağaşirin ağaverdi ağayar axund aidə akif aqil aqşin aqşinə albert alı
alidə alim aliyə allahverdi allahyar almaz alpay altay altıntac altun amal amil anar anara aral araz arif arifə arsen
artur arzu arzuman asif asil asiman asiyə aslan asudə asya aşur ata atababa atakan atakişi atilla avtandil ayaz
aybəniz aydan aydəmir aydəniz aydın aygül aygün ayxan ayişə ayla ayna aynur aynurə aysel aysənəm aysu ayşən aytac
aytəkin aytən azad azadə azay azər azərin aziz baba babacan babaxan babakişi babə babək babəli bağır bahadır bahar
baharə baxış baxşəli balaəli balağa balaxan balakişi balaş banu barat bayram bayraməli behbud bədəl bədirə bəhlul
bəhman bəhmən bəhram bəhruz bəhruzə bəxtiyar bəkir bənövşə bəsirə bəsti bəşir bəylər bilal bilqeyis billurə böyükağa
budaq bünyad bünyamin bürcəli bürhan cabbar cabbarəli cabir cahan cahangir cahid cahidə camal camalə camaləddin camil
canan canəli canpolad cavad cavanşir cavid cavidan cavidə ceyhun ceyla ceyran ceyranə cəbi cəbrayıl cəfər cəfərqulu
cəlal cəlalə cəlil cəlilə cəmaləddin cəmaliyyə cəmil cəmilə cəmiyyət cəmşid cəsarət cəvahir cəvanşir coşqun cümə
cümşüd çapay çələbi çərkəz çıraq çiçək çimnaz çinarə çingiz çoban dadaş dadaşbala dağbəyi daniyal daşdəmir daşqın
davud dədə dəmir dərviş dərya dəstə dəyanət dilarə dilavər dilbər diləfruz dilqəm dilruba dilşad dostəli durna dursun
dünya dünyamalı dürdanə ehtiram elbəy elbəyi elbrus elçin elçinə eldar eldəgiz eldəniz eləmir elgiz elgün elxan elxas
elman elmar elməddin elməira elmir elmira elmurad elnarə elnur elnurə elsevən elsevər elşad elşanə elşən eltac eltay
elton elvar elvin elvira elvüsal elyar elyaz emil emiliya emin eminə esmira eşqanə eşqin etibar eylül eynulla eyvaz
əbdül əbdüləli əbdüləzim əbdüləziz əbdülhəsən əbdülxaliq əbdülkərim əbdülqədir əbdülrəhman əbdülsəməd əbil əbülfət
əbülfəz əbülhəsən əbülqasım ədalət ədilə əfəndi əfqan əfqani əflatun əfsanə əhəd əhədulla əhliman əhliyyət əhməd əjdər
əkbər əkif əkrəm əlabbas əlağa ələddin ələkbər ələsgər ələsgərli əli əliabbas əliağa əlibaba əlibala əlican əlicavad
əlif əliheydər əlihəsən əlihüseyn əliqulu əliməmməd əlimərdan əlimirzə əlimurad əlinağı əlipaşa əlipənah əlirza
əlisahib əliş əlişan əlizamin əlövsət əlsahib əmin əminə əmir əmiraslan əmirəli əmirxan əmrah əmrahxan əmrulla ənnağı
əntər əntiqə ənvər ərəstun ərtoğrul əsəd əsədağa əsədulla əsgər əsli əsmər əşrəf ətrabə əvəz əyyub əzim əzimə əziməli
əziz əzizağa əzizə faiq fail famil fatma fazil feruz feyruz feyzulla fədai fəxrəddin fəxri fəxriyyə fəqan fəraməz
fərəc fərəculla fərəh fərəməz fərhad fərhadə fərid fəridə fəridun fərqanə fərman fərrux fətəli fəttah fətulla fəzail
fidail fidan fikrət firdovsi firəngiz firudin firuz firuzə fizuli flora fuad füzuli gövhər göyçək gözəl gülağa gülanə
gülarə gülayə gülazər gülbahar gülbala gülbəniz gülbəy gülbikə gülcahan gülcamal gülcan gülçin gülçöhrə güləli gülər
gülhüseyn gülxar gülməmməd gülmirə gülnar gülnarə gülnaz gülnisə gülnur gülsüm gülşad gülşən gültəkin gülüş gülyaz
gülzadə gülzar günay gündüz günel günəş günür habil hacı hacıağa hacıbaba hacıbala hacıkərim hacıqulu hacıməmməd
hacımurad hafiz hafizə haqverdi halil hamlet hatəm heybət heydər həbib həbibə həcər hədiyyə həkim həkimə həqiqət
həlimə həmid həmidə həmzə həmzəağa hənifə həsən həsənağa həsənbala həsənəli həsrət həşim hətəm həvva həyat hicran
hidayət hikmət hilal hökümə humay hüccət hüdayət hümayun hümbət hümmət hürriyyət hürü hüsaməddin hüseyn hüseynağa
hüseynbala hüseynəli hüseynqulu hüsniyyə hüsü xaqani xalıq xalid xalidə xaliq xalisə xanağa xanbaba xanbala xanəli
xanım xanımana xankişi xanlar xanlarə xanmirzə xanmurad xanoğlan xasay xatın xatirə xavər xədicə xələf xəlil xəlilə
xəlilulla xəyal xəyalə xəyyam xəzangül xəzər xızır xosrov xoşqədəm xudaverdi xudayar xudu xumar xuraman xurşid ibad
ibadulla ibrahim idrak idris iftixar ixtiyar iqbal ilahə ilham ilhamə ilhamiyyə ilkanə ilkin ilqar ilqarə ilyas
imaməddin imaməli imamqulu imamverdi iman imran inarə inayət inci inqilab intiqam iradə iran isa isabala isaxan
isfəndiyar isgəndər islam islamə ismayıl ismət ismixan israfil isrəfil izzəddin izzət izzətağa jalə kamal kamalə
kamandar kamil kamilə kamran kaşif kazım kəklik kəmalə kəmaləddin kənan kərbəlayi kərəm kərim kərimə kifayət könül
könülə kövsər kübra qabil qabilə qadir qadirə qafar qalib qalibə qara qaraxan qaraş qasım qaya qədir qəhrəman qəmbər
qəmər qəmzə qənbər qəni qərib qəribə qəşəm qəzənfər qızxanım qızılgül qismət qiyas qoca qorxmaz qoşqar qulam qulaməli
qulu qumral qurban qurbanəli qurbanqulu qüdrət qüdsiyyə qvami laçın lalə lamiyə leyla ləman ləmiyə lətafət lətif
lətifə ləyaqət ləziz loğman lütfi lütfiyar lütvəli maarif mahal mahir mahirə mahmud mais maisə maqsud malahət malik
manaf mayıl mayis mehdi mehdixan mehdiqulu mehman mehparə mehrac mehralı mehri mehriban məcid məcnun mədət mədinə
məhbub məhbubə məhəbbət məhəmməd məhəmmədəli məhəmmədrza məhəmmədtağı məhərrəm məhluqə məhsəti məlahət məleykə mələk
mələkxanım məlik məlikməmməd məmməd məmmədağa məmmədəli məmmədhəsən məmmədhüseyn məmmədqulu məmmədrza məmmədsadıq
məmmədtağı məmmədyar mənsur mənsurə mənzər mərcan mərdan mərdanə məryəm mərziyyə məsim məsmə məstan məstanə məsud
məsumə məşədi mətanət mətin mətləb məzahir mikayıl mina minarə minayə minə mirabbas mirağa miranə mircavad mircəfər
mircəlal mirələkbər mirələm mirəli mirəziz mirhəsən mirhəşim mirhüseyn mirkamil mirqasım mirqədir mirmahmud mirməmməd
mirsəlim mirsəməd mirteymur mirvari miryusif mirzağa mirzə mirzəağa mirzəbala mirzəcan mirzəhəsən mirzəxan mirzəli
mirzəməmməd möhsün mövlan mövlud mövsüm muxtar murad muradəli muradxan murtuz musa musaəli mustafa mübarək mübariz
müjdə müqəddəs mürsəl mürvət müseyib müslüm müstəqim müşfiq mütəllim müzəffər nadir nadirə nağı nahid nahidə naib
naibə nail nailə namaz namidə namiq nargilə narınc narıngül natavan natəvan natiq nazəndə nazgül nazilə nazim nazlı
nazpəri nemət neymət nəbi nəbiyə nəcəf nəcəfalı nəcəfqulu nəcibə nəcməddin nəqibə nənə nərgiz nəriman nərimanə nərmin
nərminə nəsib nəsibə nəsim nəsimə nəsimi nəsir nəsrəddin nəsrin nəsrulla nəsrullah nəzakət nəzər nəzir nəzirə nəzrin
nicat niftəli nigar nihad nisə niyaməddin niyaz niyazi nizaməddin nizami novruz novruzəli nuranə nuray nurcahan nurcan
nurəddin nurəli nurxan nuri nuriyə nuriyyə nurlan nurlana nuru nuşirəvan nübar nüsrəddin nüsrət nüşabə ofelya oğuz
oqtay orduxan orxan orxun oruc osman ozan ömər pakizə paşa payız pənah pənahəli pəri pəricahan pərixan pərinaz pərişan
pərvanə pərvin pərviz pirağa piri pirməmməd pirverdi polad pünhan püstə rafail rafiq rafiqə rafiyə rağib rahib rahid
rahil rahim raqif ramal ramazan ramid ramil ramilə ramin raminə ramis ramiyə ramiz rasif rasim rasimə rauə rauf reyhan
rəcəb rəcəbəli rəfail rəfiqə rəhilə rəhim rəhimə rəhman rəhmət rəqsanə rəna rəsmiyyə rəsul rəşad rəşadət rəşid rəşidə
rəvan rəvanə rəvayət rəziyə rizvan roman roza rövşanə rövşən röya ruhəngiz ruhid ruhin ruhiyyə ruhulla ruqiyyə ruslan
rübabə rübail rüfət rüxsarə rüqəyyə rüstəm rüstəmxan rza sabina sabir sabirə sabit sabutay sadıq sadiq sadiqə safiyə
sahib sahibə sahid sahilə saidə salatın saleh salman samid samil saminə samir samirə samur sanan sara savalan sevda
sevgi sevil sevinc sevindik seyfəddin seyfulla seyid seyidə seymur seyran səadət səbinə səbuhi sədaqət sədəf sədi
sədrəddin səfa səfalı səfər səfəralı səfiyə səfurə səhər səxavət səid səidə səkinə səlahəddin səlbi səlcan səlim
səlimə səlminaz səltənət səma səmayə səməd səmədağa səməndər səmir səmiyyə səmra sənan sənəm sənubər sərdar sərxan
sərraf sərvər sərvinaz səttar səttarxan səyalə səyavuş səyyad səyyarə sima simran simuzər siracəddin siyavuş solmaz
soltan sona suğra suliddin sultan sultanəli sultanxan surxay sübhan sübhi sücəddin südabə süleyman sürət sürəyya süsən
svetlana şaban şabəddin şahanə şahbaz şahəli şahid şahidə şahin şahlar şahmar şahməmməd şahmirzə şahmurad şahnaz
şahnigar şahrza şahsuvar şahverdi şahzadə şaiq şaiqə şakir şakirə şamxal şamil şamo şəbnəm şəfəq şəfəqət şəfi şəfiqə
şəhanə şəhin şəhla şəhriban şəhriyar şəkər şəlalə şəmistan şəms şəmsəddin şəmsi şəmsiyyə şərafət şərəf şərəfəddin
şərif şərifə şərqiyyə şıxəli şıxı şirəli şirxan şirin şirinağa şirinbala şirməmməd şirvan şirvanə şirzad şöhrət şölə
şövkət şövqi şüca şücaəddin şücaət şükriyyə şükufə şükür tacəddin tağı tahid tahir tahirə taleh talıb talıbə taliyə
tamam tamara tamaşa tamella tamerlan tamilla tamir tamraz tanrıverdi tapdıq tariyel tasif tavakkül telli telman telnaz
teymur teyyub təbəssüm təbriz təhmasib təhminə təmkin tənzilə təranə tərgül tərxan tərlan təvəkkül təyyar tofiq toğan
toğrul toğrulbəy tovuz tuğay tuğrul tunar tuncay turac tural turan turanə turxan turqut tükəzban tünzalə türkan
türkanə uğur uğurlu ulduz ulduzə ulfət umay umud urfan urfanə ülkər ülvi ülviyyə ümid ümidə ümidvar ürfan üzeyir vahab
vahid vahidə vahidəddin vaxid vaqif valeh valid validə varis vasif vasilə vasiliy veyis veysəl vədud vəfa vəfadar
vəkil vəkilə vəli vəlican vəliəddin vəlixan vəsilə vəzifə vəzir vəzirə vidad vidadi vilayət vurğun vüqar vüqarə vüsal
vüsalə yadigar yaqub yaqubəli yaqut yalçın yanvar yasəmən yasif yasin yaşam yaşar yavər yavuz yeganə yeter yəhya yunus
yusif yusifağa yusifəli yusuf zabil zabit zabitə zahid zahidə zahidəli zahir zahirə zahirəddin zakir zakirə zaman
zamiq zamin zaminə zamir zamirə zarina zaur zeynal zeynalabdin zeyneb zeynəb zəhid zəhmət zəhra zəkəriyyə zəki zəkiyyə
zəmfira zəminə zərbəli zərəngiz zərif zərifə zərinə zərnigar ziba zibeydə zinyət zivər ziya ziyad ziyafət ziyəddin
zöhrab zöhrə zuleyxa zülal züleyxa zülfəli zülfi zülfiyyə zülfü zülfüqar zümrüd
"""
