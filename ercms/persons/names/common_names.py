"""List the common given names of Azerbaijan, in the Azerbaijani spelling and in lower case.

Not a register: a name that is missing here is only judged by its letters.
"""

COMMON_NAMES = """
abbas abduləli abdulla abid abil abuzər adəm adgözəl adil adilə afaq afət afiq ağa ağabala ağaəli ağahüseyn ağamirzə
ağarza ağasəf ağaverdi agil aidə akif alı alidə alim aliyə allahverdi allahyar almaz alpay altay altıntac altun amal
amil anara anar aqil aqşin aqşinə aral araz arif arifə arzu asif asil asiman asiyə aslan asudə aşur asya ata atababa
atakişi atilla axund ayaz aybəniz aydan aydəmir aydın aygül aygün ayişə ayla ayna aynur aynurə aysel ayşən aysu aytac
aytəkin aytən ayxan azad azadə azay azər azərin aziz baba babacan babakişi babə babək babəli bağır bahadır bahar
baharə balaəli balağa balakişi balaş banu barat baxış baxşəli bayram bayraməli bədəl bədirə behbud bəhlul bəhman
bəhmən bəhram bəhruz bəhruzə bəkir bənövşə bəşir bəsirə bəsti bəxtiyar bilal billurə bilqeyis bünyad bünyamin bürcəli
cabbar cabbarəli cabir cahan cahangir cahid cahidə camal camalə camaləddin camil canan canəli canpolad çapay cavad
cavanşir cavidan cavid cəbi cəbrayıl cəfər cəlal cəlalə çələbi cəlil cəlilə cəmaləddin cəmaliyyə cəmil cəmilə cəmiyyət
cəmşid çərkəz cəsarət cəvahir cəvanşir ceyhun ceyla ceyran çimnaz çinarə çingiz çoban coşqun cümşüd dadaş dağbəyi
daşdəmir daşqın davud dədə dəmir dərya dəstə dəyanət dilarə dilavər dilbər dilqəm dilruba dilşad dünya dürdanə durna
dursun əbdüləli əbdülhəsən əbdül əbil əbülfət əbülfəz əbülhəsən ədalət ədilə əfəndi əflatun əfqani əfqan əfsanə
əhədulla əhəd əhliman əhliyyət əhməd əjdər əkbər əkif əkrəm əlabbas əlağa elbəy elbrus elçinə elçin eldar eldəgiz
eldəniz ələddin ələkbər eləmir ələsgərli ələsgər elgiz elgün əliabbas əliağa əlibaba əlibala əlican əlif əlihüseyn
əlisahib əlişan əlizamin əli elman elmar elməddin elməira elmira elmir elmurad elnarə elnurə elnur əlövsət elşad
əlsahib elşən elsevən elsevər eltac eltay elton elvar elvin elvira elvüsal elxan elxas elyar elyaz emil emiliya eminə
emin əminə əmin əmiraslan əmirəli əmirxan əmir əmrahxan əmrah əmrulla ənnağı əntər əntiqə ənvər əsədağa əsədulla əsəd
əsgər əsli əsmər esmira eşqanə eşqin əşrəf ətrabə əvəz eynulla eyvaz əyyub əziməli əzimə əzim əzizağa əzizə əziz fail
faiq famil fatma fazil fədai fəqan fəraməz fərəc fərəh fərəməz fərhad fəridə fərid fəridun fərman fərqanə fərrux feruz
fətəli fəttah fətulla fəxrəddin fəxri feyruz feyzulla fəzail fidail fidan fikrət firdovsi firəngiz firudin firuzə
firuz fizuli flora fuad füzuli gövhər göyçək gözəl gülağa gülarə gülayə gülbahar gülbala gülbəniz gülbəy gülcahan
gülcamal gülçin gülçöhrə güləli gülər gülhüseyn gülmirə gülnarə gülnar gülnaz gülnisə gülnur gülşad gülşən gülsüm
gültəkin gülüş gülxar gülyaz gülzar günay gündüz günel günəş günür habil hacıağa hacıbaba hacıbala hacı hacımurad
hacıqulu hafizə hafiz halil hamlet haqverdi hatəm həbibə həbib həcər hədiyyə həkim həlimə həmidə həmid həmzə hənifə
həqiqət həsən həşim hətəm həyat heydər hicran hidayət hikmət hilal hökümə hüccət hüdayət humay hümbət hürü hüsaməddin
hüseynağa hüseynəli hüseyn hüsniyyə hüsü ibad ibrahim idrak idris iftixar ilahə ilhamə ilham ilhamiyyə ilkanə ilkin
ilqarə ilqar ilyas iman imran inarə inayət inci inqilab intiqam iqbal iradə iran isa isfəndiyar isgəndər islamə islam
ismayıl ismət ismixan israfil isrəfil ixtiyar izzətağa izzət jalə kamalə kamal kamandar kamilə kamil kamran kaşif
kazım kəmaləddin kəmalə kənan kərbəlayi kərəm kərimə kərim kifayət könülə könül kübra laçın lalə lamiyə ləman ləmiyə
lətafət lətifə lətif ləyaqət leyla ləziz maarif mahal mahir mahmud maisə mais malahət malik manaf mayıl mayis məcid
məcnun mədət mədinə məhbubə mehdi məhəbbət məhəmməd məhərrəm məhluqə mehman mehparə mehralı mehriban mehri məhsəti
məlahət mələk mələkxanım məleykə məlik məmmədəli məmməd məmmədrza mənsur mənzər mərcan mərdanə mərdan məryəm mərziyyə
məsim məsmə məstanə məstan məsud məsumə mətanət mətin məzahir mikayıl mina minarə minayə minə mirabbas mircavad
mircəfər mirələm mirəli mirhəsən mirkamil mirsəməd mirvari mirzağa mirzəağa mirzəbala mirzəli mirzə mövlan mövlud
mövsüm mübariz müjdə müqəddəs murad muradxan mürsəl murtuz mürvət musaəli musa müseyib müşfiq müslüm mustafa müstəqim
mütəllim muxtar müzəffər nadirə nadir nağı nahidə nahid naibə naib nailə nail namaz namidə namiq nargilə narınc
narıngül natavan natəvan natiq nazilə nazim nazlı nazpəri nəbi nəbiyə nəcəfalı nəcəf nəcibə nəcməddin nemət nənə
nəqibə nərgiz nərimanə nəriman nərminə nərmin nəsibə nəsib nəsimi nəsim nəsir nəsrəddin nəsrin nəsrullah nəsrulla
neymət nəzakət nəzər nəzirə nəzir nəzrin nicat niftəli nigar nisə niyaməddin niyazi niyaz nizami novruz nübar nuranə
nuray nurcahan nurcan nurəddin nurəli nuri nuriyə nuriyyə nurlan nuru nüşabə nuşirəvan nüsrəddin nüsrət ofelya oğuz
ömər oqtay orduxan oruc orxan orxun osman pakizə paşa payız pənah pəri pərişan pərvanə pərvin pərviz pirağa piri polad
pünhan qabilə qabil qadirə qadir qafar qalibə qalib qara qaraş qasım qaya qədir qəhrəman qəmbər qəmər qənbər qəni
qərib qəzənfər qismət qiyas qızılgül qızxanım qoca qorxmaz qoşqar qüdrət qüdsiyyə qulaməli qulam qulu qumral qurbanəli
qurban qvami rafail rafiqə rafiq rafiyə rağib rahib rahid rahil rahim ramal ramazan ramid ramilə ramil ramin ramis
ramiz raqif rasif rasim rauə rauf rəcəbəli rəcəb rəfail rəfiqə rəhilə rəhimə rəhim rəhman rəna rəşadət rəşad rəşidə
rəşid rəsmiyyə rəsul rəvanə rəvan rəvayət reyhan rizvan roman rövşanə rövşən röya roza rübabə rüfət ruhid ruhin
ruhiyyə ruhulla rüqəyyə ruqiyyə ruslan rüstəm rüxsarə rza şaban şabəddin sabina sabirə sabir sabit sabutay sadiqə
sadiq sadıq safiyə şahanə şahbaz sahibə sahib şahidə sahid şahid sahilə şahin şahlar şahmar şahmirzə şahmurad şahnaz
şahnigar şahsuvar şahverdi saidə şakirə şakir salatın saleh salman samid samil şamil saminə samirə samir şamo samur
şamxal sanan sara savalan səadət səbinə şəbnəm səbuhi sədaqət sədəf sədi səfalı səfa şəfəqət şəfəq səfəralı səfər
şəfiqə səfiyə səfurə şəhanə səhər şəhin şəhla şəhriban şəhriyar səidə səid şəkər səkinə şəlalə səlbi səlimə səlim
səlminaz səltənət səma səmayə səmədağa səməd səməndər səmir səmiyyə səmra şəmsəddin şəmsiyyə şəmsi şəms sənan sənəm
sənubər sərdar şərəfəddin şərəf şərifə şərif şərqiyyə sərraf sərvər sərvinaz sərxan səttar sevda sevgi sevil sevinc
sevindik səyalə səyavuş seyfəddin seyfulla seyid seymur seyran səyyad səyyarə sima simran simuzər şirinbala şirin
şirvan şirxan şirzad şıxəli şıxı siyavuş şöhrət şölə solmaz soltan sona şövkət şövqi sübhan şücaət şüca sücəddin
südabə suğra şükufə şükür süleyman suliddin sultan sürət sürəyya surxay süsən svetlana tacəddin tağı tahid tahirə
tahir taleh talıbə talıb taliyə tamam tamara tamaşa tamella tamerlan tamilla tamir tamraz tanrıverdi tapdıq tariyel
tasif tavakkül təbriz təhmasib təhminə telli telman telnaz təranə tərgül tərlan tərxan təvəkkül teymur tofiq toğan
toğrulbəy toğrul tovuz tuğay tükəzban tunar tuncay tünzalə turac tural turanə turan türkanə türkan turqut turxan
uğurlu uğur ulduz ulfət ülkər ülviyyə ülvi umay ümidvar ümid umud urfan ürfan üzeyir vahab vahidəddin vahidə vahid
valeh validə valid vaqif vasif vasilə vasiliy vaxid vəfadar vəfa vəkil vəliəddin vəli vəlixan vəsilə veyis veysəl
vəzifə vəzir vidadi vidad vilayət vüqar vurğun vüsalə vüsal xalidə xalid xaliq xalıq xalisə xanbala xanəli xanımana
xanım xankişi xanlarə xanlar xanmurad xanoğlan xaqani xasay xatın xatirə xavər xədicə xəlilə xəlilulla xəlil xəyalə
xəyal xəyyam xəzər xızır xoşqədəm xosrov xudaverdi xudayar xumar xuraman xurşid yadigar yalçın yanvar yaqubəli yaqub
yaqut yaşam yaşar yasəmən yasif yasin yavər yavuz yeganə yəhya yeter yunus yusifağa yusifəli yusif yusuf zabil zabitə
zabit zahidəli zahidə zahid zahirəddin zahirə zahir zakirə zakir zaman zaminə zamin zamiq zamirə zamir zarina zaur
zəhid zəhmət zəhra zəkiyyə zəki zəmfira zəminə zərbəli zərəngiz zərifə zərif zərinə zərnigar zeynalabdin zeynal zeyneb
zeynəb ziba zibeydə zinyət zivər ziyad ziyafət ziya ziyəddin zöhrab zöhrə zuleyxa züleyxa zülfəli zülfiyyə zülfi
zülfüqar zülfü zümrüd
"""
