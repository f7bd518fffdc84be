#!/usr/bin/python3
"""Makes the fonts of the program from Debian's Inter and JetBrains Mono.

    make_cssans.py INTER_FOLDER JETBRAINS_FOLDER OUTPUT_FOLDER

CsSans is Inter with tabular digits as its only digits and without contextual alternates: Qt 6.4 cannot ask a font for
a feature, columns of numbers must align, and "->" in a model's name must stay two characters. CsMono is JetBrains Mono
without ligatures. Both keep the scripts that Inter and JetBrains Mono draw well; the rest falls back to system fonts.
Same input, same bytes: no time of making is written.
"""
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SANS = (("Regular", 400), ("Medium", 500), ("SemiBold", 600), ("Bold", 700))
RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0259, 0x0259), (0x02B0, 0x036F),  # Latin and its marks
    (0x0370, 0x03FF), (0x0400, 0x052F), (0x1E00, 0x1EFF),                    # Greek, Cyrillic, Vietnamese
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),  # punctuation, scripts, currencies, letterlike
    (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),  # fractions, arrows, mathematics, keys
    (0x25A0, 0x25FF), (0xFEFF, 0xFEFF), (0xFFFD, 0xFFFD),
)


def substitutions(font, tag):
    """What single-substitution feature `tag` replaces by what."""
    table = font["GSUB"].table
    found = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != tag:
            continue
        for index in record.Feature.LookupListIndex:
            for part in table.LookupList.Lookup[index].SubTable:
                part = getattr(part, "ExtSubTable", part)
                if part.LookupType == 1:
                    found.update(part.mapping)
    return found


def freeze_tabular_digits(font):
    tabular = substitutions(font, "tnum")
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in table.cmap:
                table.cmap[code] = tabular.get(table.cmap[code], table.cmap[code])  # tables may share one mapping
    # Interpolated weights differ by a few units of 2816; one width for all makes them truly tabular.
    best = font.getBestCmap()
    digits = [best[code] for code in range(ord("0"), ord("9") + 1)]
    widths = [font["hmtx"][glyph][0] for glyph in digits]
    if max(widths) - min(widths) > 16:
        raise SystemExit(f"the digits are not tabular: widths {sorted(widths)}")
    for glyph in digits:
        font["hmtx"][glyph] = (max(widths), font["hmtx"][glyph][1])


def rename(font, family, style):
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
    for identifier, text in ((1, family), (2, style), (3, f"{family}-{style}"), (4, f"{family} {style}"),
                             (6, f"{family}-{style}"), (16, family), (17, style)):
        names.setName(text, identifier, 3, 1, 0x409)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [f"{family}-{style}"]
        top.topDictIndex[0].FamilyName = family
        top.topDictIndex[0].FullName = f"{family} {style}"


def reduce(font, features):
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = ["*"]
    options.glyph_names = False
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = False
    worker = subset.Subsetter(options)
    worker.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    worker.subset(font)


def make(source, target, family, style, weight, features, digits):
    font = TTFont(source, recalcTimestamp=False)
    if digits:
        freeze_tabular_digits(font)
    reduce(font, features)
    rename(font, family, style)
    font["OS/2"].usWeightClass = weight
    font.save(target)


def main(inter, jetbrains, output):
    output.mkdir(parents=True, exist_ok=True)
    for style, weight in SANS:
        make(inter / f"Inter-{style}.otf", output / f"CsSans-{style}.otf", "CsSans", style, weight,
             ["kern", "mark", "mkmk", "ccmp", "locl"], True)
    make(jetbrains / "JetBrainsMono-Regular.ttf", output / "CsMono-Regular.ttf", "CsMono", "Regular", 400,
         ["mark", "mkmk", "ccmp", "locl"], False)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*(Path(argument) for argument in sys.argv[1:]))
