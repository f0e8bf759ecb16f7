"""Function words of a dozen languages, and the abbreviations that do not end a sentence.

Function words are the frame that a synonym spinner leaves standing (Stamatatos, JASIST 2011), so
only closed classes are listed: articles, pronouns, prepositions, auxiliaries, conjunctions.
Words that thesauri do replace (quantifiers, "because", "about", "around", "while") are left out:
a frame made of them would not survive.  Where a language is not listed, the most frequent words
of the document itself take the place of its list.
"""

from __future__ import annotations

# Words that machines and editors exchange freely, one symbol for each group (its first word).
CANONICAL: dict[str, str] = {
    word: group.split()[0]
    for group in (
        "the a an",
        "but yet",
        "that which who whom",
        "is are",
        "was were",
        "has have",
        "does do",
        "this these those",
        "on upon",
        "into onto in",
        "could can",
        "may might",
        "would will",
        "shall should",
    )
    for word in group.split()
}

# Number words are numbers, so that "nine" and "9" are the same anchor.
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand"
)
_VALUES = (*range(20), *range(20, 100, 10), 100, 1000)
DIGITS = {word: str(value) for word, value in zip(_NUMBERS.split(), _VALUES, strict=True)}

FUNCTION_WORDS: dict[str, str] = {
    "en": "the a an of in to for on upon with at by from as into onto out up off over under after "
    "before between against during without within through and or but yet nor if when that which "
    "who whom whose what where how than then is are was were be been being am has have had having "
    "do does did will would can could shall should may might must not no it its itself he him his "
    "himself she her hers herself they them their themselves we us our i me my you your this these "
    "those there here so it's he's she's that's there's they're we're don't doesn't didn't isn't "
    "aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't i'm",
    "de": "der die das den dem des ein eine einen einem einer eines und oder aber doch in im an am "
    "auf aus bei beim mit nach von vom zu zum zur für über unter durch gegen ohne um vor seit bis "
    "zwischen ist sind war waren sein bin wird werden wurde wurden worden hat haben hatte hatten "
    "kann können soll sollen will wollen muss müssen nicht kein keine keinen er sie es ihm ihr "
    "ihn ihre ihren ihrem ihrer seine seinen seinem seiner wir uns ich mich man sich als wie wenn "
    "dass daß weil da so auch noch nur dieser diese dieses diesem diesen was wer wo",
    "fr": "le la les l un une des du de d au aux et ou mais donc ni car que qu qui quoi dont où ce "
    "cet cette ces il elle ils elles on nous vous je tu me te se lui leur leurs son sa ses mon ma "
    "mes notre votre est sont était étaient été être a ont avait avaient avoir fait sera seront "
    "dans en par pour sur sous avec sans chez entre vers contre depuis pendant après avant ne pas "
    "plus y si comme quand c'est n'est qu'il qu'elle d'un d'une",
    "es": "el la los las un una unos unas de del al a y e o u pero sino que quien cuyo en con por "
    "para sin sobre entre desde hasta hacia contra según durante es son era eran fue fueron ser "
    "está están estaba ha han había habían haber se lo le les su sus mi yo él ella ellos ellas "
    "nos me te no ni si como cuando donde este esta estos estas ese esa más ya",
    "it": "il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli "
    "alle da dal dalla dai dalle in nel nello nella nei negli nelle con su sul sulla sui sulle per "
    "tra fra e ed o ma che chi cui è sono era erano stato stata essere ha hanno aveva avevano "
    "avere si lo ci ne non né se come quando dove questo questa questi queste suo sua loro più",
    "pt": "o a os as um uma uns umas de do da dos das em no na nos nas a ao à aos às por pelo pela "
    "pelos pelas para com sem sobre entre até desde e ou mas que quem cujo é são era eram foi "
    "foram ser está estão tem têm tinha ter há se lhe seu sua seus suas ele ela eles elas eu nós "
    "não nem se como quando onde este esta isto esse essa mais já",
    "nl": "de het een van in op te aan met voor door bij uit naar over onder tegen zonder tussen "
    "tot na om en of maar want dat die wie wat waar is zijn was waren wordt worden werd werden "
    "heeft hebben had hadden kan kunnen zal zullen zou moet moeten niet geen er hij zij ze het "
    "hem haar hun we wij ons ik mij je u zich als dan dit deze ook nog",
    "sv": "en ett den det de dem och eller men i på av för med till från om vid mot under över "
    "efter utan mellan som att är var vara har hade ha blir blev bli kan kunde ska skulle måste "
    "inte han hon hans hennes sin sitt sina vi oss jag man sig när där då så än detta denna dessa",
    "da": "en et den det de dem og eller men i på af for med til fra om ved mod under over efter "
    "uden mellem som at er var være har havde have bliver blev blive kan kunne skal skulle må ikke "
    "han hun hans hendes sin sit sine vi os jeg man sig når hvor da så end dette denne disse",
    "pl": "i w we na z ze do od o po za przed przez dla przy pod nad bez u oraz lub albo ale że "
    "który która które jest są był była było były być nie się to ten ta te tego tej tym jak jako "
    "co kto gdy już tylko jego jej ich on ona oni my ja czy a",
    "cs": "a i o u v ve na z ze do od po za před přes pro při pod nad bez nebo ale že který která "
    "které je jsou byl byla bylo byli být není se si to ten ta tento tato toho jak jako co kdo "
    "když už jen jeho její jejich on ona oni my já by",
    "ru": "и в во на с со к ко у о об от до из за по под над при для без через между или но а да "
    "что чтобы как когда где который которая которые это этот эта эти тот та те он она они оно "
    "его ее её их ему мы нас я не ни был была было были быть есть же бы ли уже еще ещё так",
}

# Titles and the like: the next word belongs to the same sentence.
TITLES = (
    "mr mrs ms dr prof gen sen rep gov lt col sgt capt cmdr maj adm rev hon st mt ft vs cf eg ie "
    "approx dept fig pp vol ed eds z bzw ca usw nr hr fr m mm mme mlle sr sra dra"
)
# In front of a number or a day they belong to it.
BEFORE_NUMBERS = "jan feb mar apr jun jul aug sep sept oct nov dec no nos art para sec p ch"
# May end a sentence: they do where the next word is a function word with a capital.
MAYBE_FINAL = "inc corp co cos ltd plc bros jr sr etc al ave blvd rd"
