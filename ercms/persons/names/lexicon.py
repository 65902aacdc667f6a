"""Know the common given names, so that one name is not taken for a mistyped other one.

Kamil and Camil differ by one letter, as a typing error would; both are names, so they are two people. Surnames are made
of the same names, so their roots are looked up here as well. A name that is not listed is merely judged by its letters.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from ercms.persons.names.alignment import distance
from ercms.persons.names.conventions import Convention, read
from ercms.persons.names.sounds import BITS

_NAMES = """
abbas abdulla abid abil abuzər adgözəl adil adilə afaq afət afiq agil akif aliyə alim alı allahverdi almaz altay altun anar
anara aqil aqşin araz arif arifə arzu aslan asif asiman asiyə asya aşur atilla ayaz aybəniz aydan aydın aygül aygün ayla aynur
ayxan aysel aysu ayşən aytac aytən azad azadə azər azərin aziz babək babəli bağır bahadır balakişi balaş banu barat baxış
baxşəli bayram bədəl bədirə behbud bəhmən bəhram bəhruz bəkir bəxtiyar bəsti bəşir bilal billurə bünyad bürcəli cabbar cabir
cahan cahangir cahid camal camil canan canəli cavad cavanşir cavid cavidan ceyhun ceyla ceyran cəbrayıl cəfər cəlal cəlil
cəmil cəmilə cəmşid cəmaləddin cəsarət cəvahir coşqun cümşüd dadaş dağbəyi daşdəmir davud dəmir dərya dilarə dilavər dilbər
dilqəm dilşad dünya dürdanə ədalət ədilə əfqan əflatun əfsanə əhəd əhliman əhməd əjdər əkbər əkrəm ələddin ələkbər ələsgər
ələsgərli əli əliabbas əliağa əlibala əlican əlihüseyn əlişan əlizamin əlövsət əmin əminə əmir əmirxan əmrah əntiqə ənvər
əntər əsəd əsgər əsli əsmər əşrəf ətrabə əvəz əyyub əzim əzimə əziz əzizə elbrus elçin elçinə eldar eldəniz eləmir elgün elman
elmar elmir elmira elmurad elnarə elnur elnurə elsevər elşad elşən eltac elton elvin elxan elyar elyaz eminə emil emin
emiliya eynulla eyvaz fail faiq fatma fazil feruz feyruz feyzulla fəxrəddin fəxri fərhad fəridə fərid fəridun fərman fərrux
fəqan fətulla fidan fikrət firdovsi firəngiz firudin firuz firuzə fizuli fuad fərqanə füzuli flora gövhər göyçək gülağa
gülarə gülbəniz gülçin gülçöhrə gülər gülmirə gülnar gülnarə gülnaz gülşad gülşən gültəkin günay günel günəş hacı hacıağa
hacıbala hafiz halil hamlet hatəm heydər həbib həbibə həcər hədiyyə həkim həmid həmidə hənifə həsən həşim həyat hidayət
hikmət hökümə humay hüsniyyə hümbət hüseyn hüseynəli hürü hüsü ibad ibrahim idris ilahə ilham ilhamə ilkin ilqar ilyas iman
imran inarə inqilab intiqam iradə iran isa isgəndər islam ismayıl ismət israfil isrəfil izzət jalə kamal kamalə kamandar
kamil kamilə kamran kazım kəmalə kərəm kərim kərimə könül kübra lalə laçın ləman lamiyə ləmiyə lətafət lətif lətifə leyla
lətafət maarif mahal mahir mahmud maisə malik mais manaf mayıl mayis məcid məcnun mədinə məhbubə məhərrəm məhəbbət məhəmməd
məhluqə məhsəti mehdi mehman mehparə mehri mehriban mələk məlahət məleykə məlik məmməd məmmədəli məmmədrza mənsur mənzər
mərdan mərziyyə məryəm məsim məsmə məstan məsud mətanət mətin minarə minayə mirzə mirələm mircəfər mirəli mikayıl mirvari
mövlud mövsüm murad muradxan murtuz musa muxtar mübariz müjdə müqəddəs müşfiq mürsəl mürvət müslüm mustafa nadir nadirə
nağı naib naibə nahid nail nailə namiq namidə narınc nargilə natavan natəvan natiq nazim nazilə nazlı nazpəri nemət neymət
nəbi nəcəf nəcibə nərgiz nəriman nərminə nərmin nəsib nəsibə nəsimi nəsir nəsrin nəsrəddin nəzakət nəzər nəzrin nicat nigar
nizami niyazi niyaməddin nisə novruz nuranə nuray nurəddin nurəli nuri nuriyyə nurlan nuşirəvan nübar nüşabə nüsrət ofelya oqtay
orxan oruc osman ömər pakizə pənah pəri pərvanə pərvin pərviz pirağa polad pünhan qabil qadir qafar qalib qara qaraş qasım
qəhrəman qəmər qənbər qəni qəzənfər qədir qiyas qızxanım qismət qoca qorxmaz qulu qumral qurban qüdrət qvami ramal rafail
rafiq rafiqə raqif rahib rahil rahim ramazan ramil ramilə ramin ramiz rasim rauf rauə reyhan rəcəb rəfail rəfiqə rəhilə
rəhim rəhimə rəhman rəna rəsul rəşad rəşid rəşidə rəvan rizvan roman rövşən rövşanə roza rüfət ruhiyyə rübabə ruhulla ruslan
rüstəm rza sabir sabirə sabit sabutay sadıq sadiq səadət sahib sahibə saleh salman saidə samir samirə samid samur sara
savalan saminə sədaqət sədi səfa səfalı səfər səfəralı səfurə səid səidə səkinə səlim səlimə səma səməd səmayə səməndər
səmra səmədağa sənan sənubər sərdar sərxan sərvər sərvinaz səttar seyfəddin seyid seymur sevda sevgi sevil sevinc sevindik
simran sima simuzər solmaz sona soltan sultan suğra sübhan süleyman sürəyya süsən svetlana şaban şabəddin şahbaz şahid
şahin şahlar şahmar şahnaz şahverdi şakir şamil şamo şamxal şəbnəm şəfəq şəfiqə şəhla şəhriyar şəhriban şəmsi şəmsəddin
şəmsiyyə şərif şərifə şərqiyyə şəhanə şıxəli şirin şirinbala şirxan şirvan şirzad şöhrət şölə şükür şükufə tacəddin tağı
tahir tahirə talıb taleh taliyə tamam tamara tamerlan tamilla tamraz tapdıq tariyel telli telman teymur təbriz təhminə
təhmasib təranə tofiq toğrul toğrulbəy tural turan turac turanə turqut türkan türkanə tünzalə uğur ulduz umud ülkər ülvi
ülviyyə ümid ümidvar vahab vahid vahidə valeh valid vaqif vasif vasilə vaxid vəfa vəkil vəli vəzir veysəl vidadi vilayət
vüqar vüsal vüsalə xalid xalidə xalıq xaliq xaqani xanım xankişi xanlar xasay xatirə xavər xədicə xəlil xəyal xəyalə xəyyam
xosrov xoşqədəm xumar xuraman xudaverdi yadigar yasin yasəmən yaqub yaqut yalçın yaşar yavər yavuz yeganə yəhya yunus yusif
yusuf zabil zabitə zahid zahidə zahir zahirə zakir zamiq zamin zaminə zaman zamirə zarina zaur zeynal zeynəb zəhra zəki
zəminə zərifə zərinə zəhmət zərəngiz zəmfira ziba zibeydə ziyad ziyafət ziya ziyəddin zivər zöhrab zöhrə zülfiyyə zülfü
zülfüqar züleyxa zümrüd zuleyxa
abduləli adəm ağa ağabala ağamirzə ağarza alpay altıntac amal aqşinə asudə aydəmir aygün ayişə aynurə aytəkin azay babacan
babakişi bahar baharə balaəli balağa bayraməli bəhlul bəhman bəhruzə bənövşə bəsirə bünyamin camaləddin cəbi cəmaliyyə
cəmiyyət cəvahir cəvanşir çapay çələbi çərkəz çimnaz çinarə çingiz daşqın dəyanət dəstə dilruba durna dursun elbəy eldəgiz
elgiz elgün elməddin elmar elməira elsevən elvira elvüsal eşqin eşqanə esmira əbdül əbdüləli əbdülhəsən əbülfət əbülfəz
əbülhəsən əfəndi əlabbas əlağa əlibaba əlif əlisahib əlsahib əmiraslan əmrulla əsədulla əsədağa əziməli famil fəraməz fərəc
fərəh fəridə fərqanə fərəməz fətəli fəttah fəzail fədai fidail gülbala gülbahar gülbəy gülcahan gülçin gülcamal gülhüseyn
güləli gülnarə gülnisə gülsüm gülzar gülxar gülüş gündüz habil hacıbaba hacımurad hacıqulu hafizə həqiqət hətəm hicran
hilal hüccət hüseynağa hüsaməddin idrak iftixar iqbal ilqarə ilhamiyyə ilkanə inci islamə isfəndiyar ixtiyar izzətağa
kərbəlayi kənan kəmaləddin könülə kübra ləziz ləyaqət malahət mehralı mədət məhsəti mərcan mərdanə məstanə məsumə məzahir
mirabbas mircavad mirhəsən mirkamil mirsəməd mirzağa mirzəağa mirzəli mövlan musaəli müzəffər müstəqim müseyib mütəllim
namaz narıngül nəcəfalı nərimanə nəsim nəsrullah nəzirə nəzər niftəli niyaz nurcahan nurcan nuru nuriyə nüşabə orduxan
paşa payız pəri pərişan piri qabilə qadirə qalibə qəmbər qərib qızılgül qoşqar qulam qulaməli qurbanəli qüdsiyyə rafiyə
rağib rəcəbəli rəhman rəvanə rəşadət röya ruqiyyə rüqəyyə rüxsarə sabina sadiqə sahilə salatın sanan səbinə səbuhi səhər
səlminaz səltənət sənəm sərraf səyavuş səyyad səyyarə seyfulla seyran siyavuş südabə suliddin şahanə şahmirzə şahmurad
şahnigar şahsuvar şamxal şəkər şəlalə şəms şərəf şəfəqət şıxı şüca şücaət talıbə tamerlan tavakkül telnaz tərlan tərgül
tovuz tunar tuncay turxan ulfət umay uğurlu üzeyir validə vasiliy vəfadar vəliəddin vəlixan vəsilə vahidəddin veyis vurğun
xalisə xanəli xanoğlan xanlarə xanmurad xəlilulla xəzər xızır xudayar xurşid yanvar yaşam yeter yusifəli zabit zahidəli
zamir zaur zeynalabdin zeyneb zərbəli zərif zərnigar zinyət zülfəli zülfi zahirəddin axund əbil
"""

# Spellings of one name that no rule of letters brings together.
_SAME_NAME = (
    ("xədicə", "hatice", "hədicə"),
    ("məhəmməd", "mehmet", "muhammad", "magomed", "məhəmmət"),
    ("yusif", "yusuf", "iosif"),
    ("əhməd", "ahmet"),
    ("zülfüqar", "zülfiqar"),
    ("isgəndər", "iskender"),
    ("ibrahim", "ibrahim"),
    ("süleyman", "suleyman"),
    ("füzuli", "fizuli"),
    ("ismayıl", "ismail"),
    ("yunus", "yunis"),
    ("sultan", "soltan"),
    ("nemət", "neymət"),
    ("firuz", "feruz", "feyruz"),
    ("xalıq", "xaliq"),
    ("sadıq", "sadiq"),
    ("israfil", "isrəfil"),
    ("züleyxa", "zuleyxa"),
    ("aqil", "agil"),
    ("firudin", "fəridun"),
    ("vahid", "vaxid"),
    ("natavan", "natəvan"),
    ("samid", "səməd"),
    ("asya", "asiyə"),
    ("səbinə", "sabina"),
    ("əlisahib", "əlsahib"),
    ("əbdüləli", "abduləli"),
    ("ruqiyyə", "rüqiyyə", "rüqəyyə"),
    ("fətəli", "fatəli"),
    ("zeynəb", "zeyneb"),
    ("oqtay", "oktay"),
)
_RECOGNISED = 0.2  # the cost up to which a word is the listed name in another habit

_CLASSES = {
    letter: group[0]
    for group in ("KGQHX", "BP", "DT", "VF", "SŞZJ", "CÇ", "L", "M", "N", "R", "AƏE", "OU")
    for letter in group
    if letter in BITS
}


@lru_cache(maxsize=65_536)
def coarse_forms(symbols: tuple[int, ...], vowels: bool = True) -> frozenset[str]:
    """Return the word in coarse classes of sounds, in each way that its ambiguous symbols allow.

    The glide and i are left out, since half of the habits leave out the one or add the other.
    """
    choices: list[set[str]] = []
    for symbol in symbols:
        letters = [letter for letter, bit in BITS.items() if bit & symbol]
        classes = {_CLASSES.get(letter, "") for letter in letters}
        if not vowels:
            classes = {"" if group in "AO" else group for group in classes}
        choices.append(classes or {"?"})
    forms: set[str] = set()
    for number, picked in enumerate(product(*choices)):
        if number >= _MOST_FORMS:
            break
        text = "".join(picked)
        forms.add("".join(letter for place, letter in enumerate(text) if place == 0 or text[place - 1] != letter))
    return frozenset(forms)


_MOST_FORMS = 24


def _canonical(name: str) -> str:
    for group in _SAME_NAME:
        if name in group:
            return group[0]
    return name


def _entries() -> Iterator[tuple[str, tuple[int, ...]]]:
    listed = set(_NAMES.split()) | {name for group in _SAME_NAME for name in group}
    for name in sorted(listed):
        yield _canonical(name), read(name, Convention.AZERBAIJANI).symbols


@cache
def _index() -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    index: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, symbols in _entries():
        for form in coarse_forms(symbols, vowels=False):
            index.setdefault(form, []).append((name, symbols))
    return index


@lru_cache(maxsize=65_536)
def known_names(symbols: tuple[int, ...]) -> dict[str, float]:
    """Return the listed names that the reading may be, each with the cost of reading it so."""
    found: dict[str, float] = {}
    for form in coarse_forms(symbols, vowels=False):
        for name, listed in _index().get(form, ()):
            cost = distance(symbols, listed)
            if cost <= _RECOGNISED:
                found[name] = min(cost, found.get(name, cost))
    if not found:
        return found
    best = min(found.values())
    return {name: cost for name, cost in found.items() if cost <= best + 0.1}


def share_name(one: tuple[int, ...], other: tuple[int, ...]) -> bool | None:
    """Say whether two readings are one listed name; None when either is not listed."""
    names_one, names_other = known_names(one), known_names(other)
    if not names_one or not names_other:
        return None
    return not names_one.keys().isdisjoint(names_other.keys())
