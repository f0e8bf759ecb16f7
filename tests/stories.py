"""Articles written for the tests, and small machines that edit, spin and cut them."""

from __future__ import annotations

import random
import re

FERRY = """The island council of Torsey voted on Tuesday to buy a second ferry after two winters of cancelled crossings, ending a dispute that had split the harbour towns. The vessel will cost 14.2 million crowns and is to enter service in April, council leader Ingrid Halvorsen said.

Residents had complained that the old boat, built in 1974, could not sail in winds above 11 metres per second. Last January the island was cut off for nine days, and the only bakery in Kellvik ran out of flour.

"We cannot ask young families to stay if the doctor cannot reach them," Halvorsen told the assembly. The vote was 17 to 6, with the fishermen's list opposed. Its spokesman, Aron Strand, argued that the money should have gone into the breakwater at Sandvoe, where three trawlers were damaged in the autumn storms.

The new ferry carries 48 cars and 220 passengers. It was built at a yard in Gdansk for a Danish company that went bankrupt before delivery, and it has been moored there since 2019. Engineers from the mainland inspected the hull in June and found no faults.

Tickets will become dearer. A return trip for a car rises from 180 to 215 crowns, while pupils and pensioners travel free of charge. The council expects the line to lose about two million crowns a year, which the province has promised to share until 2030."""

MUSEUM = """A clay tablet that lay for eighty years in a cellar of the Marburg museum has turned out to be the oldest known recipe for beer from the town of Lagash. Two students found it while they were counting boxes for an insurance list, the museum said on Friday.

The tablet is no larger than a hand and was broken into five pieces. Professor Selma Arslan, who read the text, believes that a temple scribe wrote it about 2,350 years before our era. It names barley, dates and a herb that nobody has been able to identify.

"We had walked past it every day," said the director, Otto Brandl. The piece came to Marburg in 1938 with the collection of a railway engineer, who had bought it at a market in Baghdad. Iraq was told of the discovery in March, and both sides are talking about a joint exhibition.

A brewer from the neighbourhood has offered to try the recipe. He warned that the drink would be sour and thick, and that it would have to be taken through a straw. The first barrel is to be opened on 12 September in the courtyard of the castle."""

SCHOOL = """Pupils of the Lindgren school in Varberg have built a weather station that now supplies the harbour master with data every ten minutes. The project began as a punishment, teacher Maja Lund admitted: six boys had climbed onto the roof during a storm.

Instead of a reprimand they were given 900 kronor and the task of explaining the wind to the others. They soldered the sensors from old printers, and a fisherman gave them a mast. Since November the values have appeared on a screen in the harbour cafe.

"Their instrument is better than ours," said harbour master Per Wall. His own was bought in 1991 and freezes below minus 8 degrees. The Institute of Meteorology in Norrkoping compared both for 30 days and found the boys' station to be more exact.

A company from Gothenburg now wants to buy the design. The school has not decided, because the roof belongs to the municipality and the mast to the fisherman, who has asked for a share of three per cent."""

GERMAN = """Der Stadtrat von Lindenau hat am Mittwoch beschlossen, die alte Brücke über die Mulde nicht abzureißen, sondern für 3,4 Millionen Euro zu sanieren. Bürgermeisterin Petra Kühn sprach von einem guten Tag für die Stadt, die seit Jahren über das Bauwerk gestritten hatte.

Die Brücke wurde 1893 gebaut und ist seit 2016 für Lastwagen gesperrt. Ein Gutachten hatte im Frühjahr gezeigt, dass die Pfeiler noch mindestens fünfzig Jahre halten. Nur das Geländer und die Fahrbahn müssen erneuert werden, wie der Ingenieur Jens Albrecht sagte.

Gegen den Beschluss stimmten acht Räte, die lieber eine neue Brücke weiter im Norden gesehen hätten. Sie fürchten, dass der Verkehr durch die Altstadt noch zunimmt. Die Arbeiten sollen im März beginnen und vierzehn Monate dauern; so lange fährt eine Fähre für Fußgänger und Radfahrer."""

FRENCH = """Le conseil municipal de Saint-Aubin a décidé jeudi soir de rouvrir la petite gare fermée depuis 1971, afin de relier le village à la ville de Rouen en vingt minutes. Le maire, Julien Moreau, a salué un vote historique après douze ans de négociations avec la région.

Les travaux coûteront 6,8 millions d'euros, dont la moitié sera payée par la région et un quart par l'État. Deux quais seront construits, et l'ancien bâtiment deviendra un café tenu par une association d'habitants. Les premiers trains sont attendus en septembre 2027.

Une partie des riverains s'inquiète du bruit et de la place prise par le parking de 140 voitures. « Nous avons acheté ici pour le calme », a déclaré Sylvie Lambert, qui habite à cent mètres de la voie. Le maire a promis un mur de bois et une vitesse limitée à 60 kilomètres par heure."""

_SYLLABLES = "ba den fi gor hul jas kem lor mip nar pos quin rel sut tav wex zol".split()


def sentences(text: str) -> list[str]:
    return [s for part in text.split("\n\n") for s in re.split(r"(?<=[.!?])\s+", part)]


def spun(text: str, share: float, seed: int = 1) -> str:
    """Every `share`-th lower-case word of four letters or more replaced, `the` turned to `a`."""
    rng = random.Random(seed)

    def replace(match: re.Match[str]) -> str:
        word = match.group(0)
        if word == "the":
            return "a"
        if len(word) < 4 or not word.islower() or word in _KEPT or rng.random() >= share:
            return word
        return "".join(rng.choices(_SYLLABLES, k=2))

    return re.sub(r"[^\W\d_]+", replace, text)


_KEPT = set(
    "that which will have with from into could cannot before after about while than then they "
    "their there were been this those would above nobody until because".split()
)


def edited(text: str, share: float, seed: int = 1) -> str:
    """Every `share`-th word dropped."""
    rng = random.Random(seed)
    return re.sub(r"\S+ ", lambda m: "" if rng.random() < share else m.group(0), text)


def notice(seed: int) -> str:
    """A filling of one template: names, numbers and days differ, the rest never."""
    rng = random.Random(seed)
    town = "".join(rng.choices(_SYLLABLES, k=3)).title()
    name = "".join(rng.choices(_SYLLABLES, k=2)).title()
    return (
        f"The {town} Savings Bank will raise its lending rate to {rng.randint(20, 99)} points on "
        f"{rng.randint(1, 28)} {rng.choice(['March', 'June', 'August'])}, it said in a statement. "
        f"The rate has stood at {rng.randint(20, 99)} points since {rng.randint(1960, 2020)}. "
        f'"We want to remain fair to our customers in a difficult market," said treasurer {name}. '
        f"A usual loan of {rng.randint(5, 95)},000 crowns becomes {rng.randint(10, 900)} crowns "
        f"dearer a year. Shares of the bank closed {rng.randint(1, 80)} points higher in {town}."
    )


def filler(seed: int) -> str:
    """An article of invented words and names between ordinary function words."""
    rng = random.Random(seed)
    frame = "the of to and in for on with at by from as is was were has had not it he they".split()

    def word() -> str:
        kind = rng.random()
        if kind < 0.45:
            return rng.choice(frame)
        made = "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3)))
        return made.title() if kind < 0.6 else made

    lines = (" ".join(word() for _ in range(rng.randint(9, 25))) for _ in range(12))
    return " ".join(f"{line[0].upper()}{line[1:]}." for line in lines)
