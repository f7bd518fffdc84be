#include "models/policy/packs/packtext.h"

#include "models/policy/authority.h"
#include "models/policy/evaluator.h"

#include <algorithm>
#include <span>

namespace countersign::policy {

namespace {

using Lines = std::vector<std::string>;

/// "a", "a and b", "a, b and c".
std::string joined(const Lines &words, const char *last = " and ")
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? last : ", ") + words[i];
    return text;
}

template<class T, class Text>
Lines words(const std::vector<T> &list, Text text)
{
    Lines result;
    for (const T &element : list)
        result.push_back(text(element));
    return result;
}

std::string quoted(const std::string &text) { return "\"" + text + "\""; }

std::string lowered(std::string_view title)
{
    std::string text(title);
    const bool isName = text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z'; // "IT operator", "PSI"
    if (!text.empty() && !isName && text.front() >= 'A' && text.front() <= 'Z')
        text.front() = static_cast<char>(text.front() - 'A' + 'a');
    return text;
}

std::string capital(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string stageName(const Pack &pack, const std::string &id)
{
    const PackStage *stage = pack.stage(id);
    return stage ? stage->title : id;
}

std::string evidenceName(const Pack &pack, const std::string &id)
{
    const EvidenceNeed *need = pack.evidenceNeed(id);
    return lowered(need ? need->title : id);
}

std::string factName(ModelFact fact) { return fact == ModelFact::UseCase ? "use case" : std::string(modelFactKey(fact)); }

std::string count(int number, const char *one, const char *many) { return std::to_string(number) + " " + (number == 1 ? one : many); }

std::string coverName(const Pack &pack, const Obligation::Cover &cover)
{
    using Kind = Obligation::Cover::Kind;
    switch (cover.kind) {
    case Kind::Evidence: return "the evidence " + quoted(evidenceName(pack, cover.id));
    case Kind::Rule: return "the rule " + quoted(cover.id);
    case Kind::Section: {
        const auto section = std::ranges::find(pack.report, cover.id, &ReportSection::id);
        return "the report's section " + quoted(section != pack.report.end() ? section->title : cover.id);
    }
    case Kind::Gate: {
        const Transition *transition = pack.transition(cover.id);
        return "the gate of " + quoted(transition ? lowered(transition->title) : cover.id);
    }
    case Kind::Meaning: {
        const SigningMeaning *meaning = pack.meaning(cover.id);
        return "signatures that mean " + quoted(meaning ? lowered(meaning->title) : cover.id);
    }
    case Kind::Record: return "the record itself";
    }
    return {};
}

std::string bandText(const Scoring::Band &band)
{
    return (band.from == band.to ? count(band.from, "point", "points") + (band.from == 1 ? " is" : " are") : std::to_string(band.from) + " to " + std::to_string(band.to) + " points are") +
           " tier " + std::to_string(band.tier);
}

std::string overrideText(Scoring::Override override)
{
    switch (override) {
    case Scoring::Override::Never: return "Nobody chooses another tier.";
    case Scoring::Override::WithReason: return "Another tier can be chosen with a reason.";
    case Scoring::Override::WithSecondPerson: return "Another tier can be chosen with a reason, and a second person confirms it.";
    }
    return {};
}

Lines headLines(const Pack &pack)
{
    return {packName(pack),
            pack.status,
            "Pack " + pack.id + ", dated " + formatDate(pack.dated) + ".",
            "Source: " + pack.source.title + " (" + pack.source.citation + "), " + checkedText(pack.source.checked) + "." + (pack.source.url.empty() ? "" : " " + pack.source.url),
            pack.note};
}

Lines tierLines(const Pack &pack)
{
    return words(pack.tiers, [](const PackTier &tier) { return std::to_string(tier.tier) + " " + tier.title + ": " + tier.meaning; });
}

Lines scoringLines(const Pack &pack)
{
    const Scoring &scoring = pack.scoring;
    Lines lines;
    for (const Scoring::Factor &factor : scoring.factors) {
        lines.push_back(factor.title + ": " + factor.question);
        for (const Scoring::Level &level : factor.levels)
            lines.push_back("  " + count(level.points, "point", "points") + ": " + level.title + (level.atLeast ? " (tier " + std::to_string(*level.atLeast) + " or higher risk)" : ""));
    }
    if (!scoring.factors.empty())
        lines.push_back(std::string("Points are ") + (scoring.combine == Scoring::Combine::Product ? "multiplied" : "added") + ". " + joined(words(scoring.bands, bandText)) + ".");
    else
        lines.emplace_back("The tier is chosen, not computed.");
    lines.push_back(overrideText(scoring.override));
    return lines;
}

std::string gateHead(const GateRequirement &gate) { return capital(forTiersText(gate.tiers)); }

Lines transitionLines(const Pack &pack)
{
    Lines lines;
    for (const Transition &move : pack.transitions) {
        lines.push_back(stageName(pack, move.from) + " → " + stageName(pack, move.to) + ": " + move.title + (move.isRework ? ", as rework" : "") + (move.needsReason ? ", with a reason" : ""));
        for (const GateRequirement &gate : move.gate)
            for (const std::string &sentence : gateSentences(pack, gate))
                lines.push_back("  " + gateHead(gate) + ": " + lowered(sentence));
    }
    return lines;
}

Lines evidenceLines(const Pack &pack)
{
    Lines lines;
    for (const EvidenceNeed &need : pack.evidence) {
        lines.push_back(evidenceSentence(pack, need));
        lines.push_back("  " + need.what);
    }
    return lines;
}

Lines ruleLines(const Pack &pack)
{
    Lines lines;
    for (const PackRule &rule : pack.rules) {
        lines.push_back(rule.id + ": " + ruleSentence(rule));
        if (!rule.why.empty())
            lines.push_back("  " + rule.why);
    }
    return lines;
}

Lines peopleLines(const Pack &pack)
{
    Lines lines = words(pack.roles, [](const PackRole &role) { return std::string(roleTitle(role.role)) + ": " + role.duty; });
    for (const auto &[one, other] : pack.apart)
        lines.push_back("Not one person on one model: " + lowered(roleTitle(one)) + " and " + lowered(roleTitle(other)) + ".");
    return lines;
}

Lines meaningLines(const Pack &pack)
{
    return words(pack.meanings, [](const SigningMeaning &meaning) {
        return meaning.title + ": " + quoted(meaning.text) + (meaning.roles.empty() ? "" : " By " + roleChoice(meaning.roles) + ".");
    });
}

Lines revalidationLines(const Pack &pack)
{
    Lines lines = words(pack.revalidation.cadence, [](const Revalidation::Cadence &c) { return "Tier " + std::to_string(c.tier) + ": every " + count(c.months, "month", "months") + "."; });
    const auto triggers = words(pack.revalidation.triggers, [](Trigger trigger) { return lowered(triggerTitle(trigger)); });
    if (!triggers.empty())
        lines.push_back("At once after: " + joined(triggers, " or ") + ".");
    if (!lines.empty())
        lines.push_back("Announced " + count(pack.revalidation.noticeDays, "day", "days") + " before.");
    return lines;
}

Lines obligationLines(const Pack &pack)
{
    Lines lines;
    for (const Obligation &obligation : pack.obligations) {
        lines.push_back(obligation.citation + ": " + obligation.text);
        lines.push_back("  " + coverSentence(pack, obligation) + " " + capital(checkedText(obligation.checked)) + ".");
    }
    return lines;
}

Lines dateLines(const Pack &pack)
{
    Lines lines = words(pack.deadlines, [](const Deadline &d) { return formatDate(d.date) + ": " + d.title + " (" + d.citation + ", " + checkedText(d.checked) + ")"; });
    for (const IncidentClock &clock : pack.clocks)
        lines.push_back("Within " + (clock.hours % 24 == 0 ? count(clock.hours / 24, "day", "days") : count(clock.hours, "hour", "hours")) + ": " + clock.title + " (" + clock.citation + ", " +
                        checkedText(clock.checked) + ")");
    if (pack.waiverDays)
        lines.push_back("A waiver lasts at most " + count(*pack.waiverDays, "day", "days") + ".");
    if (pack.retentionYears)
        lines.push_back("Records are kept for " + count(*pack.retentionYears, "year", "years") + " after retirement.");
    return lines;
}

} // namespace

std::string forTiersText(const std::vector<int> &tiers)
{
    if (tiers.empty())
        return "every model";
    return (tiers.size() == 1 ? "tier " : "tiers ") + joined(words(tiers, [](int tier) { return std::to_string(tier); }));
}

std::vector<std::string> gateSentences(const Pack &pack, const GateRequirement &gate)
{
    Lines sentences;
    if (!gate.facts.empty())
        sentences.push_back("The inventory has " + joined(words(gate.facts, factName)) + ".");
    if (gate.allRules)
        sentences.push_back(std::string("Every rule that applies holds") + (std::ranges::any_of(pack.rules, &PackRule::isGuideline) ? ", guidelines aside." : "."));
    else if (!gate.rules.empty())
        sentences.push_back("These rules hold: " + joined(gate.rules) + ".");
    if (!gate.evidence.empty())
        sentences.push_back("There is: " + joined(words(gate.evidence, [&](const std::string &id) { return evidenceName(pack, id); })) + ".");
    if (gate.findingsBelow)
        sentences.push_back(*gate.findingsBelow == Severity::Low ? "No finding is open." : "No finding of severity " + lowered(severityTitle(*gate.findingsBelow)) +
                                                                                               (*gate.findingsBelow == Severity::Critical ? "" : " or above") + " is open.");
    if (gate.conditionsClosed)
        sentences.emplace_back("Conditions of earlier approvals are closed.");
    for (const SignOffNeed &need : gate.signOffs)
        sentences.push_back(signOffSentence(pack, need));
    return sentences;
}

std::string signOffSentence(const Pack &pack, const SignOffNeed &need)
{
    std::string text = need.quorum == 1 ? "A signature" : std::to_string(need.quorum) + " signatures";
    text += " " + quoted(need.id) + " by " + roleChoice(need.roles);
    if (need.quorum > 1)
        text += need.inDistinctRoles ? ", each in another role" : ", different persons";
    if (const SigningMeaning *meaning = pack.meaning(need.meaning))
        text += ", as " + quoted(lowered(meaning->title));
    if (need.isIndependent)
        text += ", who wrote nothing of this version or its evidence";
    if (need.independentMonths)
        text += " and nothing of the model for " + count(*need.independentMonths, "month", "months");
    if (!need.after.empty())
        text += ", after " + joined(words(need.after, quoted));
    if (!need.apart.empty())
        text += ", by nobody who signed " + joined(words(need.apart, quoted), " or ");
    return text + ".";
}

std::string meaningText(const SigningMeaning &meaning) { return meaning.text.empty() ? meaning.title : meaning.title + ": " + meaning.text; }

std::string evidenceSentence(const Pack &pack, const EvidenceNeed &need)
{
    return need.title + ", of " + forTiersText(need.tiers) + (need.stage.empty() ? "" : ", by " + quoted(stageName(pack, need.stage))) +
           (need.validDays ? ", renewed after " + count(*need.validDays, "day", "days") : "") + (need.isWaivable ? "." : "; it can't be waived.");
}

std::string ruleSentence(const PackRule &rule)
{
    return sentence(rule.limit) + "; severity " + lowered(severityTitle(rule.limit.severity)) + "." + (rule.isGuideline ? " A guideline: it neither proves nor replaces compliance." : "") +
           (rule.isWaivable ? "" : " It can't be waived.");
}

std::string coverSentence(const Pack &pack, const Obligation &obligation)
{
    const std::string cover = obligation.covers.empty() ? "Not covered by Countersign." : "Covered by " + joined(words(obligation.covers, [&](const auto &c) { return coverName(pack, c); })) + ".";
    return cover + (obligation.note.empty() ? "" : " " + obligation.note);
}

std::string checkedText(const std::optional<Instant> &checked) { return checked ? "checked " + formatDate(*checked) : "not checked against the text"; }

std::vector<PackPart> packParts(const Pack &pack)
{
    std::vector<PackPart> parts{{"", headLines(pack)},
                                {"Tiers", tierLines(pack)},
                                {"Scoring", scoringLines(pack)},
                                {"Stages", {joined(words(pack.stages, [](const PackStage &stage) { return stage.title; }), ", ") + "."}},
                                {"Moves and their gates", transitionLines(pack)},
                                {"Required evidence", evidenceLines(pack)},
                                {"Rules", ruleLines(pack)},
                                {"Roles", peopleLines(pack)},
                                {"Meanings of signatures", meaningLines(pack)},
                                {"Revalidation", revalidationLines(pack)},
                                {"Dates and periods", dateLines(pack)},
                                {"Obligations", obligationLines(pack)},
                                {"Report", words(pack.report, [](const ReportSection &section) { return section.title; })}};
    std::erase_if(parts, [](const PackPart &part) { return part.lines.empty(); });
    return parts;
}

} // namespace countersign::policy
