"""Writes the table of drug names from DrugBank's open vocabulary (CC0).

``python tools/write_drug_names.py drugbank_vocabulary.csv`` keeps the names of one word, in every
language that the vocabulary has, and drops words that a note uses for other things too.
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/careflow/knowledge/drugs/tables/drug_names.txt"
_NAME = re.compile(r"[^\W\d_]{5,}")
_LATIN = re.compile(r"[a-zà-ÿ]+")
_ALSO_OTHER_THINGS = frozenset(
    str.split("""
alcohol water oxygen tobacco calcium tyrosine sulfate cholesterol milk testosterone glucose
nicotine phosphate progesterone balance serotonin hemoglobin monitor carbon creatinine
iodine acetate potassium copper platinum somatostatin folate yeast hydrogen chloride
nitrogen magnesium asparagine creatine arginine creatinina caffeine cortisol angiotensin
thrombopoietin rhubarb orange adenosine uracil adenine guanine boron phosphorus silver
ethanol thymine erythropoietin poultry broccoli cascade capture phenylalanine lactose urate
vasopressin histamine glucosa aldosterone chamomile turmeric valerian yeast beam secretin
dopamine glycine alanine wheat choline glucagon serine threonine mushroom chicken ammonia
beans gelatin cysteine ribose cannabis marijuana cocaine heroin soybean eosin inositol
leptin thyroxine peanut cherry garlic cabbage riboflavin dimension vinegar lemon cotton
cauliflower folliculin ginger parathyrin thyroglobulin aluminum shrimp acetylcholine proline
merlin citrulline apple spinach fructose cellulose clove cloves indole kale chocolate ozone
honey fibronectin prothrombin coconut histidine carbonate ornithine cocoa camphor phenol
oatmeal indium cycline fibrinogen inulin pepsin saccharin turkey hydroxyproline formalin
chlorine methionine valine eucalyptus guanosine cantaloupe sitosterol lycopene cadmium
barley coumarin watercress lanolin onion sterol toluene aspartame creosote wheat cashew
almond walnut pecan hazelnut pistachio salmon trout lobster oyster clam scallop squid banana
mango papaya peach plum strawberry raspberry blueberry blackberry cranberry grape grapefruit
lime melon watermelon pineapple tomato potato carrot celery cucumber lettuce pumpkin
asparagus avocado eggplant mustard pepper paprika cinnamon nutmeg vanilla sesame sunflower
olive canola butter cheese casein lentil pea chickpea lobelia sugar starch sucrose maltose
dextrin cream petrolatum paraffin charcoal graphite diamond mercury arsenic sulfur sodium
lithium bromine fluorine helium neon argon radon xenon krypton plasma serum albumin insulin
globulin trypsin thrombin collagen keratin elastin melanin heparin calcio magnesio potasio
sodio hierro agua oxigeno colesterol hemoglobina urea urate bilirubin uric lactate pyruvate
citrate succinate cotinine estradiol estrogen estrone cortisone ferritin transferrin
prolactin gastrin thyrotropin ketone acetone horse mouse house flour maize perch shark whale
cockroach ragweed grass timothy dander feather feathers sweet
""")
)


def main() -> None:
    """Write one line a drug: its number and its names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vocabulary", type=Path)
    lines = written(parser.parse_args().vocabulary)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} drugs")


def written(vocabulary: Path) -> list[str]:
    """Return the table's lines."""
    taken: set[str] = set()
    lines: list[str] = []
    with vocabulary.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            said = [row["Common name"], *row["Synonyms"].split("|")]
            names = [name for name in map(_kept, said) if name and name not in taken]
            taken.update(names)
            if names:
                lines.append(f"{row['DrugBank ID']} {' '.join(dict.fromkeys(names))}")
    return lines


def _kept(name: str) -> str | None:
    folded = name.strip().casefold()
    is_name = _NAME.fullmatch(folded) and _LATIN.fullmatch(folded)
    return folded if is_name and folded not in _ALSO_OTHER_THINGS else None


if __name__ == "__main__":
    main()
