"""List the common given names of Azerbaijan, in the Azerbaijani spelling and in lower case.

Not a register: a name that is missing here is only judged by its letters.
"""

COMMON_NAMES = """
abbas abduləli abdulla abid abil abuzər adəm adgözəl adil adilə afaq afət afiq ağa ağabala ağamirzə ağarza agil akif
alı alim aliyə allahverdi almaz alpay altay altıntac altun amal anara anar aqil aqşin aqşinə araz arif arifə arzu asif
asiman asiyə aslan asudə aşur asya ata atababa atilla axund ayaz aybəniz aydan aydəmir aydın aygül aygün ayişə ayla
aynur aynurə aysel ayşən aysu aytac aytəkin aytən ayxan azad azadə azay azər azərin aziz baba babacan babakişi babə
babək babəli bağır bahadır bahar baharə balaəli balağa balakişi balaş banu barat baxış baxşəli bayram bayraməli bədəl
bədirə behbud bəhlul bəhman bəhmən bəhram bəhruz bəhruzə bəkir bənövşə bəşir bəsirə bəsti bəxtiyar bilal billurə
bünyad bünyamin bürcəli cabbar cabir cahan cahangir cahid camal camaləddin camil canan canəli çapay cavad cavanşir
cavidan cavid cəbi cəbrayıl cəfər cəlal çələbi cəlil cəmaləddin cəmaliyyə cəmil cəmilə cəmiyyət cəmşid çərkəz cəsarət
cəvahir cəvanşir ceyhun ceyla ceyran çimnaz çinarə çingiz coşqun cümşüd dadaş dağbəyi daşdəmir daşqın davud dədə dəmir
dərya dəstə dəyanət dilarə dilavər dilbər dilqəm dilruba dilşad dünya dürdanə durna dursun əbdüləli əbdülhəsən əbdül
əbil əbülfət əbülfəz əbülhəsən ədalət ədilə əfəndi əflatun əfqan əfsanə əhəd əhliman əhməd əjdər əkbər əkrəm əlabbas
əlağa elbəy elbrus elçinə elçin eldar eldəgiz eldəniz ələddin ələkbər eləmir ələsgərli ələsgər elgiz elgün əliabbas
əliağa əlibaba əlibala əlican əlif əlihüseyn əlisahib əlişan əlizamin əli elman elmar elməddin elməira elmira elmir
elmurad elnarə elnurə elnur əlövsət elşad əlsahib elşən elsevən elsevər eltac elton elvin elvira elvüsal elxan elyar
elyaz emil emiliya eminə emin əminə əmin əmiraslan əmirəli əmirxan əmir əmrah əmrulla əntər əntiqə ənvər əsədağa
əsədulla əsəd əsgər əsli əsmər esmira eşqanə eşqin əşrəf ətrabə əvəz eynulla eyvaz əyyub əziməli əzimə əzim əzizə əziz
fail faiq famil fatma fazil fədai fəqan fəraməz fərəc fərəh fərəməz fərhad fəridə fərid fəridun fərman fərqanə fərrux
feruz fətəli fəttah fətulla fəxrəddin fəxri feyruz feyzulla fəzail fidail fidan fikrət firdovsi firəngiz firudin
firuzə firuz fizuli flora fuad füzuli gövhər göyçək gülağa gülarə gülbahar gülbala gülbəniz gülbəy gülcahan gülcamal
gülçin gülçöhrə güləli gülər gülhüseyn gülmirə gülnarə gülnar gülnaz gülnisə gülşad gülşən gülsüm gültəkin gülüş
gülxar gülzar günay gündüz günel günəş habil hacıağa hacıbaba hacıbala hacı hacımurad hacıqulu hafizə hafiz halil
hamlet hatəm həbibə həbib həcər hədiyyə həkim həmidə həmid hənifə həqiqət həsən həşim hətəm həyat heydər hicran
hidayət hikmət hilal hökümə hüccət humay hümbət hürü hüsaməddin hüseynağa hüseynəli hüseyn hüsniyyə hüsü ibad ibrahim
idrak idris iftixar ilahə ilhamə ilham ilhamiyyə ilkanə ilkin ilqarə ilqar ilyas iman imran inarə inci inqilab intiqam
iqbal iradə iran isa isfəndiyar isgəndər islamə islam ismayıl ismət ismixan israfil isrəfil ixtiyar izzətağa izzət
jalə kamalə kamal kamandar kamilə kamil kamran kazım kəmaləddin kəmalə kənan kərbəlayi kərəm kərimə kərim könülə könül
kübra laçın lalə lamiyə ləman ləmiyə lətafət lətifə lətif ləyaqət leyla ləziz maarif mahal mahir mahmud maisə mais
malahət malik manaf mayıl mayis məcid məcnun mədət mədinə məhbubə mehdi məhəbbət məhəmməd məhərrəm məhluqə mehman
mehparə mehralı mehriban mehri məhsəti məlahət mələk məleykə məlik məmmədəli məmməd məmmədrza mənsur mənzər mərcan
mərdanə mərdan məryəm mərziyyə məsim məsmə məstanə məstan məsud məsumə mətanət mətin məzahir mikayıl minarə minayə
mirabbas mircavad mircəfər mirələm mirəli mirhəsən mirkamil mirsəməd mirvari mirzağa mirzəağa mirzəli mirzə mövlan
mövlud mövsüm mübariz müjdə müqəddəs murad muradxan mürsəl murtuz mürvət musaəli musa müseyib müşfiq müslüm mustafa
müstəqim mütəllim muxtar müzəffər nadirə nadir nağı nahid naibə naib nailə nail namaz namidə namiq nargilə narınc
narıngül natavan natəvan natiq nazilə nazim nazlı nazpəri nəbi nəcəfalı nəcəf nəcibə nemət nənə nərgiz nərimanə
nəriman nərminə nərmin nəsibə nəsib nəsimi nəsim nəsir nəsrəddin nəsrin nəsrullah neymət nəzakət nəzər nəzirə nəzrin
nicat niftəli nigar nisə niyaməddin niyazi niyaz nizami novruz nübar nuranə nuray nurcahan nurcan nurəddin nurəli nuri
nuriyə nuriyyə nurlan nuru nüşabə nuşirəvan nüsrət ofelya ömər oqtay orduxan oruc orxan osman pakizə paşa payız pənah
pəri pərişan pərvanə pərvin pərviz pirağa piri polad pünhan qabilə qabil qadirə qadir qafar qalibə qalib qara qaraş
qasım qaya qədir qəhrəman qəmbər qəmər qənbər qəni qərib qəzənfər qismət qiyas qızılgül qızxanım qoca qorxmaz qoşqar
qüdrət qüdsiyyə qulaməli qulam qulu qumral qurbanəli qurban qvami rafail rafiqə rafiq rafiyə rağib rahib rahil rahim
ramal ramazan ramilə ramil ramin ramiz raqif rasim rauə rauf rəcəbəli rəcəb rəfail rəfiqə rəhilə rəhimə rəhim rəhman
rəna rəşadət rəşad rəşidə rəşid rəsul rəvanə rəvan reyhan rizvan roman rövşanə rövşən röya roza rübabə rüfət ruhiyyə
ruhulla rüqəyyə ruqiyyə ruslan rüstəm rüxsarə rza şaban şabəddin sabina sabirə sabir sabit sabutay sadiqə sadiq sadıq
şahanə şahbaz sahibə sahib şahid sahilə şahin şahlar şahmar şahmirzə şahmurad şahnaz şahnigar şahsuvar şahverdi saidə
şakir salatın saleh salman samid şamil saminə samirə samir şamo samur şamxal sanan sara savalan səadət səbinə şəbnəm
səbuhi sədaqət sədi səfalı səfa şəfəqət şəfəq səfəralı səfər şəfiqə səfurə şəhanə səhər şəhla şəhriban şəhriyar səidə
səid şəkər səkinə şəlalə səlimə səlim səlminaz səltənət səma səmayə səmədağa səməd səməndər səmra şəmsəddin şəmsiyyə
şəmsi şəms sənan sənəm sənubər sərdar şərəf şərifə şərif şərqiyyə sərraf sərvər sərvinaz sərxan səttar sevda sevgi
sevil sevinc sevindik səyavuş seyfəddin seyfulla seyid seymur seyran səyyad səyyarə sima simran simuzər şirinbala
şirin şirvan şirxan şirzad şıxəli şıxı siyavuş şöhrət şölə solmaz soltan sona sübhan şücaət şüca südabə suğra şükufə
şükür süleyman suliddin sultan sürəyya süsən svetlana tacəddin tağı tahirə tahir taleh talıbə talıb taliyə tamam
tamara tamerlan tamilla tamraz tapdıq tariyel tavakkül təbriz təhmasib təhminə telli telman telnaz təranə tərgül
tərlan teymur tofiq toğrulbəy toğrul tovuz tunar tuncay tünzalə turac tural turanə turan türkanə türkan turqut turxan
uğurlu uğur ulduz ulfət ülkər ülviyyə ülvi umay ümidvar ümid umud üzeyir vahab vahidəddin vahidə vahid valeh validə
valid vaqif vasif vasilə vasiliy vaxid vəfadar vəfa vəkil vəliəddin vəli vəlixan vəsilə veyis veysəl vəzir vidadi
vilayət vüqar vurğun vüsalə vüsal xalidə xalid xaliq xalıq xalisə xanbala xanəli xanım xankişi xanlarə xanlar xanmurad
xanoğlan xaqani xasay xatirə xavər xədicə xəlilulla xəlil xəyalə xəyal xəyyam xəzər xızır xoşqədəm xosrov xudaverdi
xudayar xumar xuraman xurşid yadigar yalçın yanvar yaqub yaqut yaşam yaşar yasəmən yasin yavər yavuz yeganə yəhya
yeter yunus yusifəli yusif yusuf zabil zabitə zabit zahidəli zahidə zahid zahirəddin zahirə zahir zakir zaman zaminə
zamin zamiq zamirə zamir zarina zaur zəhmət zəhra zəki zəmfira zəminə zərbəli zərəngiz zərifə zərif zərinə zərnigar
zeynalabdin zeynal zeyneb zeynəb ziba zibeydə zinyət zivər ziyad ziyafət ziya ziyəddin zöhrab zöhrə zuleyxa züleyxa
zülfəli zülfiyyə zülfi zülfüqar zülfü zümrüd
"""
