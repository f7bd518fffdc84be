#include "models/base/json.h"
#include "models/policy/packs/builtin.h"
#include "models/policy/packs/packchanges.h"
#include "models/policy/packs/packcheck.h"
#include "models/policy/packs/packdocument.h"
#include "models/policy/packs/packreader.h"
#include "models/policy/packs/packtext.h"

#include <QtTest>

#include <algorithm>

using namespace countersign;
using policy::Pack;

namespace {

QString shown(const std::string &text) { return QString::fromStdString(text); }

std::string fileText(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_PACKS "/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

QStringList packFiles() { return QDir(QStringLiteral(COUNTERSIGN_PACKS)).entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name); }

std::string general() { return fileText(QStringLiteral("general.yaml")); }

/// The text with the first occurrence of `from` replaced; empty when there is none.
std::string with(std::string text, const std::string &from, const std::string &to)
{
    const auto at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

int lineOf(const std::string &text, const std::string &mark)
{
    const auto at = text.find(mark);
    return at == std::string::npos ? -1 : 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

json::Value schemaDocument()
{
    const std::string text = fileText(QStringLiteral("pack.schema.json"));
    const auto schema = json::parse(text);
    return schema ? *schema : json::Value();
}

QStringList textsOf(const json::Value *list)
{
    QStringList texts;
    if (list && list->array())
        for (const json::Value &text : *list->array())
            texts.append(text.string() ? shown(*text.string()) : QString());
    return texts;
}

} // namespace

class PacksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPackOfOursIsRead_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : packFiles())
            QTest::newRow(qPrintable(file)) << file;
    }

    void everyPackOfOursIsRead()
    {
        QFETCH(QString, file);
        const policy::PackReading reading = policy::readPackFile(fileText(file));
        QVERIFY2(reading.pack, qPrintable(shown(yaml::text(reading.faults))));
        QCOMPARE(shown(reading.pack->id) + QStringLiteral(".yaml"), file);
    }

    void aPackAndItsDocumentAreTheSame_data() { everyPackOfOursIsRead_data(); }

    void aPackAndItsDocumentAreTheSame()
    {
        QFETCH(QString, file);
        const auto pack = policy::readPack(fileText(file));
        QVERIFY(pack);
        const json::Object document = policy::packDocument(*pack);
        const auto bytes = json::writeRestricted(json::Value(document));
        QVERIFY2(bytes, bytes ? "" : bytes.error().message.c_str());
        const auto read = json::readRestricted(*bytes, 1U << 20);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        const auto again = policy::parsePackDocument(*read->object());
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(*again == *pack);
        QCOMPARE(*json::writeRestricted(json::Value(policy::packDocument(*again))), *bytes);
    }

    void everyFileIsBuiltIn()
    {
        QStringList files;
        for (const policy::BuiltInPack &pack : policy::builtInPacks()) {
            files.append(shown(std::string(pack.id)) + QStringLiteral(".yaml"));
            QCOMPARE(std::string(pack.text), fileText(files.back()));
            const auto read = policy::builtInPack(pack.id);
            QVERIFY(read);
            QCOMPARE(read->id, std::string(pack.id));
        }
        QCOMPARE(files, packFiles());
        QCOMPARE(std::string(policy::packSchema()), fileText(QStringLiteral("pack.schema.json")));
        const auto none = policy::builtInPack("none");
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
        QVERIFY(none.error().message.find("general") != std::string::npos);
    }

    void packsClaimNoMoreThanTheyKnow_data() { everyPackOfOursIsRead_data(); }

    /// A ratio between groups is a yardstick wherever it stands, and what nobody compared with the text says so.
    void packsClaimNoMoreThanTheyKnow()
    {
        QFETCH(QString, file);
        const auto pack = policy::readPack(fileText(file));
        QVERIFY(pack);
        for (const policy::PackRule &rule : pack->rules)
            if (rule.limit.metric.find("impact") != std::string::npos || rule.limit.metric.find("parity") != std::string::npos)
                QVERIFY2(rule.isGuideline, rule.id.c_str());
        for (const policy::Transition &transition : pack->transitions)
            for (const policy::GateRequirement &gate : transition.gate)
                for (const policy::PackRule &rule : pack->rules)
                    QVERIFY2(!rule.isGuideline || !policy::asksFor(gate, rule), rule.id.c_str());
        const auto parts = policy::packParts(*pack);
        const auto obligations = std::ranges::find(parts, "Obligations", &policy::PackPart::title);
        QVERIFY(obligations != parts.end());
        const auto unchecked = std::ranges::count_if(pack->obligations, [](const policy::Obligation &o) { return !o.checked; });
        const auto said = std::ranges::count_if(obligations->lines, [](const std::string &line) { return line.ends_with("Not checked against the text."); });
        QCOMPARE(said, unchecked);
    }

    void aPackReadsAsSentences()
    {
        const auto pack = policy::readPack(general());
        QVERIFY(pack);
        const policy::Transition &approve = *pack->transition("approve");
        QCOMPARE(policy::gateSentences(*pack, approve.gate[0]),
                 (std::vector<std::string>{"Every rule that applies holds, guidelines aside.", "There is: documentation of the model, description of the data and validation report.",
                                           "A signature \"validated\" by a validator, as \"validation\", who wrote nothing of this version or its evidence."}));
        QCOMPARE(policy::gateSentences(*pack, approve.gate[1]),
                 (std::vector<std::string>{"There is: assessment of fairness.", "No finding of severity medium or above is open.",
                                           "2 signatures \"approved-by-two\" by an approver or a compliance officer, each in another role, as \"approval\", after \"validated\", "
                                           "by nobody who signed \"validated\"."}));
        QCOMPARE(policy::evidenceSentence(*pack, *pack->evidenceNeed("validation-report")),
                 std::string("Validation report, of every model, by \"Approved\", renewed after 1096 days; it can't be waived."));
        QCOMPARE(policy::ruleSentence(*pack->rule("four-fifths")),
                 std::string("Impact ratio of every sex group is at least .800, watch below .850, needs 100 cases, not older than 370 days, for tiers 1 and 2; severity medium. "
                             "A guideline: it neither proves nor replaces compliance."));
        QCOMPARE(policy::coverSentence(*pack, *pack->obligation("validate")), std::string("Covered by the evidence \"validation report\" and the gate of \"approve\"."));
        policy::Obligation open{"x", "Art. 1", "Something.", {}, "Done outside.", {}};
        QCOMPARE(policy::coverSentence(*pack, open), std::string("Not covered by Countersign. Done outside."));
        QCOMPARE(policy::checkedText(open.checked), std::string("not checked against the text"));
        for (const policy::PackPart &part : policy::packParts(*pack))
            for (const std::string &line : part.lines)
                QVERIFY2(!line.empty() && line.find("  .") == std::string::npos, qPrintable(shown(part.title)));
    }

    void whatTwoPacksSayDifferentlyIsTold()
    {
        const auto before = policy::readPack(general());
        QVERIFY(before);
        QVERIFY(policy::packChanges(*before, *before).empty());
        Pack after = *before;
        std::ranges::reverse(after.rules); // the order says nothing
        QVERIFY(policy::packChanges(*before, after).empty());
        after.version = "2027.1";
        after.transitions[3].gate[1].signOffs[0].quorum = 1;
        after.evidence[0].validDays = 30;
        std::ranges::find(after.rules, "ranking", &policy::PackRule::id)->limit.limit = 0.7;
        const auto changes = policy::packChanges(*before, after);
        QCOMPARE(changes.size(), std::size_t(4));
        QCOMPARE(changes[0].title, std::string("Head"));
        QCOMPARE(changes[0].added, std::vector<std::string>{"General model governance 2027.1"});
        QCOMPARE(changes[1].title, std::string("Moves and their gates"));
        QVERIFY2(changes[1].removed.size() == 1 && changes[1].removed[0].starts_with("Validation → Approved: Approve — Tier 1: 2 signatures \"approved-by-two\""), changes[1].removed[0].c_str());
        QVERIFY2(changes[1].added.size() == 1 && changes[1].added[0].starts_with("Validation → Approved: Approve — Tier 1: a signature \"approved-by-two\""), changes[1].added[0].c_str());
        QCOMPARE(changes[2].title, std::string("Required evidence"));
        QCOMPARE(changes[2].removed.size(), std::size_t(2)); // what is said of it belongs to it
        QCOMPARE(changes[2].added[0], std::string("Documentation of the model, of every model, by \"Validation\", renewed after 30 days."));
        QCOMPARE(changes[3].title, std::string("Rules"));
        QVERIFY(changes[3].added.size() == 2 && changes[3].added[0].starts_with("ranking: AUC is at least .700"));
    }

    void whatAPackSaysIsThere()
    {
        const auto read = policy::readPack(general());
        QVERIFY(read);
        const Pack &pack = *read;
        QCOMPARE(policy::packName(pack), std::string("General model governance 2026.12"));
        QCOMPARE(formatDate(pack.dated), std::string("2026-12-01"));
        QCOMPARE(pack.tiers.size(), std::size_t(3));
        QCOMPARE(pack.tier(2)->title, std::string("Medium"));
        QCOMPARE(pack.tier(4), nullptr);
        QCOMPARE(pack.scoring.combine, policy::Scoring::Combine::Product);
        QCOMPARE(pack.scoring.override, policy::Scoring::Override::WithSecondPerson);
        QCOMPARE(pack.scoring.factors[1].levels[2].atLeast, std::optional(2));
        QCOMPARE(pack.stages.front().stage, Stage::Proposed);
        QCOMPARE(pack.stage("inUse")->title, std::string("In use"));
        const policy::Transition &approve = *pack.transition("approve");
        QVERIFY(approve.gate[0].allRules && approve.gate[0].tiers.empty());
        QVERIFY(approve.gate[0].signOffs[0].isIndependent);
        QCOMPARE(approve.gate[1].findingsBelow, std::optional(Severity::Medium));
        QCOMPARE(approve.gate[1].signOffs[0].roles, (std::vector{Role::Approver, Role::ComplianceOfficer}));
        QCOMPARE(approve.gate[1].signOffs[0].after, std::vector<std::string>{"validated"});
        QVERIFY(pack.transition("return")->isRework && pack.transition("return")->needsReason);
        QVERIFY(!pack.evidenceNeed("validation-report")->isWaivable && pack.evidenceNeed("documentation")->isWaivable);
        const policy::PackRule &ranking = *pack.rule("ranking");
        QCOMPARE(ranking.limit.direction, Direction::AtLeast);
        QCOMPARE(ranking.limit.limit, 0.65);
        QCOMPARE(ranking.limit.basis, Basis::Bound);
        QVERIFY(pack.rule("four-fifths")->isGuideline && !ranking.isGuideline);
        QVERIFY(policy::asksFor(approve.gate[0], ranking) && !policy::asksFor(approve.gate[0], *pack.rule("four-fifths")) && !policy::asksFor(approve.gate[1], ranking));
        policy::GateRequirement named;
        named.rules = {"four-fifths"};
        QVERIFY(policy::asksFor(named, *pack.rule("four-fifths")) && !policy::asksFor(named, ranking));
        QCOMPARE(pack.apart[0], (std::pair{Role::Developer, Role::Validator}));
        QCOMPARE(pack.obligation("record")->covers[0].kind, policy::Obligation::Cover::Kind::Record);
        QCOMPARE(pack.waiverDays, std::optional(90));
        QVERIFY(policy::isForTier({}, 3) && policy::isForTier({1, 2}, 2) && !policy::isForTier({1, 2}, 3));
        QVERIFY(policy::isForTier({1}, std::nullopt));
    }

    void faultsAreNamedByLine_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("mark"); // stands on the line of the fault
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, const char *from, const char *to, const char *mark, const char *sentence) {
            QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(mark) << QString::fromUtf8(sentence);
        };
        row("another format", "format: 1", "format: 2", "format: 2", "The pack is in format 2; this program reads format 1.");
        row("no format", "format: 1\n", "", "id: general", "`format` is missing; a pack has one.");
        row("an id for people", "id: general", "id: General", "id: General", "`id` of a pack is to be small letters, digits, '-' and '.', it is \"General\".");
        row("a version in words", "version: \"2026.12\"", "version: new", "version: new", "`version` is to be up to four numbers with dots between (2026.12), it is \"new\".");
        row("a day that is none", "dated: 2026-12-01", "dated: 2026-13-01", "dated: ", "`dated` is to be a day (2026-12-01), it is \"2026-13-01\".");
        row("an unknown member", "waiverDays: 90", "waverDays: 90", "waverDays", "\"waverDays\" is not known here; a pack has: format, id, title,");
        row("nothing", "waiverDays: 90", "waiverDays:", "waiverDays", "`waiverDays` is to be a whole number from 1 to 3660, it is nothing.");
        row("a quorum in words", "quorum: 2", "quorum: two", "quorum: two", "`quorum` is to be a whole number from 1 to 9, it is \"two\".");
        row("a quorum of nobody", "quorum: 2", "quorum: 0", "quorum: 0", "`quorum` is to be a whole number from 1 to 9, it is \"0\".");
        row("a quorum that roles can't give", "quorum: 2", "quorum: 3", "quorum: 3", "`quorum` asks for 3 signatures in different roles, but 2 roles can give them.");
        row("a tier left out", "  - tier: 2\n", "  - tier: 3\n", "  - tier: 3", "Tiers count from 1 up, so this is tier 2, not 3.");
        row("a tier beyond", "      - tiers: [3]", "      - tiers: [4]", "tiers: [4]", "`tiers` is to be a list of whole numbers from 1 to 3, it is \"4\".");
        row("tiers of none", "      - tiers: [3]", "      - tiers: []", "tiers: []", "`tiers` names none; leave it out for every model.");
        row("a hole in the bands", "{tier: 2, from: 5", "{tier: 2, from: 7", "{tier: 2, from: 7", "No tier is given for 5 to 6 points.");
        row("a hole of one point", "{tier: 2, from: 5", "{tier: 2, from: 6", "{tier: 2, from: 6", "No tier is given for 5 points.");
        row("bands over each other", "{tier: 2, from: 5", "{tier: 2, from: 4", "{tier: 2, from: 4", "Another band gives a tier for 4 points too.");
        row("bands that begin late", "{tier: 3, from: 1", "{tier: 3, from: 2", "{tier: 3, from: 2", "No tier is given for 1 point.");
        row("bands that end early", "to: 27", "to: 26", "- {tier: 3", "No tier is given for 27 points.");
        row("a band turned round", "from: 12, to: 27", "from: 27, to: 12", "from: 27", "This band ends before it begins.");
        row("a level twice", "{id: considerable,", "{id: small,", "A considerable part", "A level with the id \"small\" was there before.");
        row("a stage twice", "  - id: restricted\n", "  - id: approved\n", "  - id: approved\n  - id: retired", "A stage with the id \"approved\" was there before.");
        row("a stage of one's own without a title", "  - id: restricted\n", "  - id: shadow\n", "  - id: shadow", "The stage \"shadow\" is the pack's own, so it needs a `title`");
        row("a known stage as another", "  - id: restricted\n", "  - {id: restricted, as: approved}\n", "as: approved", "The stage \"restricted\" is known to the inventory");
        row("a stage of nobody's", "to: approved", "to: aproved", "to: aproved", "There is no stage \"aproved\" in this pack.");
        row("a stage that nothing leads to", "  - id: retired\n", "  - id: retired\n  - {id: shadow, title: Shadow, as: validation}\n", "id: shadow", "Nothing leads to the stage \"shadow\" from the first one, \"proposed\".");
        row("a stage without a way out", "to: restricted", "to: retired", "  - id: restricted", "Nothing leads to the stage \"restricted\"");
        row("a circle", "    to: development\n    rework: true\n    reason: true", "    to: development\n    reason: true", "  - id: return",
            "This leads in a circle: \"development\" comes before \"validation\" already. Mark a way back with `rework: true`.");
        row("rework that leads forward", "    to: validation\n    gate:", "    to: validation\n    rework: true\n    gate:", "rework: true",
            "This is marked as rework, but \"validation\" does not come before \"development\".");
        row("a way to itself", "to: inUse\n    gate", "to: approved\n    gate", "to: approved\n    gate:\n      - evidence: [monitoring", "This transition leads from \"approved\" to itself.");
        row("a way twice", "  - id: withdraw\n    title: Withdraw\n    from: development\n    to: retired", "  - id: withdraw\n    title: Withdraw\n    from: restricted\n    to: retired", "  - id: withdraw",
            "There is another transition from \"restricted\" to \"retired\"; there can be one.");
        row("out of retirement", "from: inUse\n    to: restricted", "from: retired\n    to: restricted", "from: retired", "\"retired\" is the end; only rework leads out of it.");
        row("evidence of nobody's", "evidence: [monitoring-plan]\n", "evidence: [plan]\n", "evidence: [plan]", "There is no required evidence \"plan\" in this pack.");
        row("a rule of nobody's", "rules: all", "rules: [ranking, rank]", "rules: [", "There is no rule \"rank\" in this pack.");
        row("rules in a word", "rules: all", "rules: some", "rules: some", "`rules` is to be `all` or a list of ids, it is \"some\".");
        row("a role of nobody's", "roles: [validator]", "roles: [valuator]", "roles: [valuator]", "`roles`: \"valuator\" is not a role. Roles are: owner,");
        row("a role in another spelling", "roles: [validator]", "roles: [Validator]", "roles: [Validator]", "`roles`: \"Validator\" is written validator here.");
        row("a sign-off by who signs nothing", "roles: [validator]", "roles: [validator, developer]", "roles: [validator, developer]",
            "Reviews are not signed by a developer; validators, compliance officers, approvers and owners sign them.");
        row("a meaning of who signs nothing", "roles: [approver, complianceOfficer, owner]}", "roles: [approver, itOperator]}", "roles: [approver, itOperator]}", "Reviews are not signed by an IT operator;");
        row("a sign-off by nobody", "roles: [validator]", "roles: []", "roles: []", "The sign-off \"validated\" names no role");
        row("a meaning of nobody's", "meaning: validation", "meaning: valid", "meaning: valid", "There is no meaning of signatures \"valid\" in this pack.");
        row("a meaning for others", "meaning: validation", "meaning: approval", "meaning: approval", "None of these roles may sign as \"approval\".");
        row("after nobody", "after: [validated]", "after: [valuated]", "after: [valuated]", "There is no sign-off \"valuated\" in this transition.");
        row("after each other", "            independent: true\n            meaning: validation", "            after: [approved-by-two]\n            meaning: validation", "after: [validated]",
            "\"validated\" waits for \"approved-by-two\" already; neither could be given.");
        row("after itself", "after: [validated]", "after: [approved-by-two]", "after: [approved", "A sign-off is not `after` itself.");
        row("a requirement of nothing", "      - facts: [owner, purpose]", "      - conditionsClosed: false", "conditionsClosed: false", "This requirement asks for nothing.");
        row("an obligation of nobody's", "obligations: [validate]", "obligations: [valid]", "obligations: [valid]", "There is no obligation \"valid\" in this pack.");
        row("a cover of nobody's", "      - gate: submit", "      - gate: submitting", "gate: submitting", "There is no transition \"submitting\" in this pack.");
        row("a cover of a kind of one's own", "      - gate: submit", "      - door: submit", "door: submit", "\"door\" is not known here; what covers an obligation has: evidence, rule, section, gate, meaning.");
        row("an obligation that nothing covers", "    covers:\n      - record\n", "", "  - id: record", "Nothing covers the obligation \"record\"; `note` has to say what remains to be done.");
        row("a metric of nobody's", "metric: auc", "metric: aux", "metric: aux", "The metric \"aux\" is not known.");
        row("a limit that can't be met", "atLeast: 0.65\n    watch: 0.70", "atLeast: 1.65", "  - id: ranking", "AUC is never above 1.000");
        row("a watch on the wrong side", "watch: 0.70", "watch: 0.60", "  - id: ranking", "The watch level .600 must lie inside the limit of at least .650.");
        row("two limits in one", "atLeast: 0.65", "atLeast: 0.65\n    atMost: 0.9", "  - id: ranking", "A rule has one of `atLeast`, `atMost` and `within`; here are 2.");
        row("no limit", "    atLeast: 0.65\n", "", "  - id: ranking", "A rule has one of `atLeast`, `atMost` and `within`; here are 0.");
        row("half a range", "atLeast: 0.65\n    watch: 0.70", "within: [0.65]", "within: [0.65]", "`within` is to be a list of two numbers, it is a list.");
        row("a number without end", "atLeast: 0.65", "atLeast: inf", "atLeast: inf", "`atLeast` is to be a number, it is \"inf\".");
        row("a severity of nobody's", "severity: high", "severity: awful", "severity: awful", "`severity`: \"awful\" is not a severity.");
        row("a role apart from itself", "[developer, validator]", "[developer, developer]", "[developer, developer]", "Here are to be two different roles.");
        row("a trigger of nobody's", "triggers: [breach,", "triggers: [breech,", "triggers: [", "`triggers`: \"breech\" is not a trigger.");
        row("a trigger twice", "triggers: [breach,", "triggers: [breach, breach,", "triggers: [", "`triggers` names \"breach\" a second time.");
        row("a cadence twice", "- {tier: 2, months: 24}", "- {tier: 1, months: 24}", "months: 24", "A cadence with the id \"1\" was there before.");
        row("a section of nobody's", "shows: [drift]", "shows: [drafts]", "shows: [drafts]", "`shows`: \"drafts\" is not what a section shows.");
        row("a list that is a text", "stages:\n", "stages: none\nstages2:\n", "stages: none", "`stages` is to be a list, it is \"none\".");
        row("an element that is a text", "  - id: proposed\n", "  - proposed\n", "  - proposed", "Here is to be a stage, as a mapping of names to values; it is \"proposed\".");
        row("a word with a bidi override", "title: High", "title: \xE2\x80\xAE" "High", "High\n", "A control, bidirectional or invisible character stands here");
    }

    void faultsAreNamedByLine()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, mark);
        QFETCH(QString, sentence);
        const std::string text = with(general(), from.toStdString(), to.toStdString());
        QVERIFY(!text.empty());
        const int line = lineOf(text, mark.toStdString());
        QVERIFY(line > 0);
        const policy::PackReading reading = policy::readPackFile(text);
        QVERIFY(!reading.pack);
        const bool isNamed = std::ranges::any_of(reading.faults, [&](const yaml::Fault &fault) { return fault.line == line && shown(fault.sentence).startsWith(sentence); });
        QVERIFY2(isNamed, qPrintable(QStringLiteral("line %1 is not among:\n").arg(line) + shown(yaml::text(reading.faults))));
    }

    void everythingIsSaidAtOnceAndInOrder()
    {
        std::string text = with(general(), "metric: auc", "metric: aux");
        text = with(text, "quorum: 2", "quorum: two");
        text = with(text, "to: approved", "to: aproved");
        text = with(text, "waiverDays: 90", "waiverDays: 0");
        const auto result = policy::readPack(text);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Invalid);
        const QStringList lines = shown(result.error().message).split(QLatin1Char('\n'));
        QVERIFY2(lines.size() >= 4, qPrintable(shown(result.error().message)));
        int before = 0;
        for (const QString &line : lines) {
            QVERIFY(line.startsWith(QStringLiteral("line ")));
            const int number = line.mid(5, line.indexOf(QLatin1Char(':')) - 5).toInt();
            QVERIFY(number >= before);
            before = number;
        }
        for (const char *part : {"aux", "two", "aproved", "`waiverDays`"})
            QVERIFY2(shown(result.error().message).contains(QString::fromUtf8(part)), part);
    }

    /// Every mapping of a pack with a member that nothing knows: the reader tells what it knows and what it misses.
    void schemaAndReaderKnowTheSameMembers()
    {
        const policy::PackReading reading = policy::readPackFile("x: 1\nsource: {x: 1}\ntiers: [{x: 1}]\nscoring: {x: 1, factors: [{x: 1, levels: [{x: 1}]}], bands: [{x: 1}]}\nstages: [{x: 1}]\n"
                                                                 "transitions: [{x: 1, gate: [{x: 1, signOffs: [{x: 1}]}]}]\nevidence: [{x: 1}]\nobligations: [{x: 1, covers: [{x: 1}]}]\n"
                                                                 "rules: [{x: 1}]\nroles: [{x: 1}]\nrevalidation: {x: 1, cadence: [{x: 1}]}\nmeanings: [{x: 1}]\nreport: [{x: 1}]\n"
                                                                 "clocks: [{x: 1}]\ndeadlines: [{x: 1}]\n");
        QMap<QString, QStringList> known;
        QMap<QString, QStringList> required;
        for (const yaml::Fault &fault : reading.faults) {
            const QString sentence = shown(fault.sentence);
            static const QRegularExpression knows(QStringLiteral("^\"x\" is not known here; (.*) has: (.*)\\.$"));
            static const QRegularExpression misses(QStringLiteral("^`(.*)` is missing; (.*) has one\\.$"));
            if (const auto match = knows.match(sentence); match.hasMatch())
                known[match.captured(1)] = match.captured(2).split(QStringLiteral(", "));
            else if (const auto missing = misses.match(sentence); missing.hasMatch())
                required[missing.captured(2)].append(missing.captured(1));
        }
        const json::Value schema = schemaDocument();
        QMap<QString, const json::Value *> objects{{shown(schema.textOr("title", {})), &schema}};
        for (const json::Member &definition : schema.find("$defs")->object()->members())
            if (definition.second.find("properties"))
                objects[shown(definition.second.textOr("title", {}))] = &definition.second;
        QCOMPARE(objects.keys(), known.keys());
        for (const QString &what : known.keys()) {
            QStringList properties;
            for (const json::Member &property : objects[what]->find("properties")->object()->members())
                properties.append(shown(property.first));
            QStringList names = known[what];
            names.sort();
            properties.sort();
            QCOMPARE(properties, names);
            QStringList needs = textsOf(objects[what]->find("required"));
            needs.sort();
            QStringList missed = required[what];
            missed.removeAll(QStringLiteral("source")); // stands in the file
            if (what == QStringLiteral("a pack"))
                missed.append({QStringLiteral("source"), QStringLiteral("scoring"), QStringLiteral("revalidation")});
            missed.removeDuplicates();
            missed.sort();
            QVERIFY2(needs == missed, qPrintable(what + QStringLiteral(": ") + needs.join(QLatin1Char(' ')) + QStringLiteral(" / ") + missed.join(QLatin1Char(' '))));
            QCOMPARE(objects[what]->find("additionalProperties")->boolean() && !*objects[what]->find("additionalProperties")->boolean(), true);
        }
    }

    void schemaAndReaderKnowTheSameWords()
    {
        const json::Value schema = schemaDocument();
        const auto compare = [&](const char *definition, auto parse, auto key, std::size_t count) {
            const QStringList words = textsOf(schema.find("$defs")->find(definition)->find("enum"));
            QCOMPARE(static_cast<std::size_t>(words.size()), count);
            for (const QString &word : words) {
                const auto value = parse(word.toStdString());
                QVERIFY2(value, qPrintable(word));
                QCOMPARE(shown(std::string(key(*value))), word);
            }
        };
        compare("role", parseRole, roleKey, std::size(kAllRoles));
        compare("inventoryStage", parseStage, stageKey, std::size(kAllStages));
        compare("severity", parseSeverity, severityKey, std::size(kAllSeverities));
        compare("fact", policy::parseModelFact, policy::modelFactKey, std::size(policy::kAllModelFacts));
        compare("trigger", policy::parseTrigger, policy::triggerKey, std::size(policy::kAllTriggers));
        compare("content", policy::parseSectionContent, policy::sectionContentKey, std::size_t(14));
    }

    void hostileFilesAreAnswered()
    {
        std::vector<std::string> files{std::string(2U << 20, 'a'), std::string(1000, '\0'), general().substr(0, general().size() / 2)};
        std::string many = "  - id: retired\n";
        for (int i = 0; i < 3000; ++i)
            many += "  - {id: s" + std::to_string(i) + ", title: X, as: validation}\n";
        files.push_back(with(general(), "  - id: retired\n", many));
        std::string ways;
        for (int i = 0; i < 1500; ++i)
            ways += "  - {id: t" + std::to_string(i) + ", title: X, from: validation, to: approved}\n";
        files.push_back(with(general(), "transitions:\n", "transitions:\n" + ways));
        std::string signers;
        for (int i = 0; i < 1000; ++i)
            signers += "          - {id: x" + std::to_string(i) + ", roles: [owner], after: [x" + std::to_string(i + 1) + "]}\n";
        files.push_back(with(general(), "        signOffs:\n", "        signOffs:\n" + signers));
        std::string levels;
        for (int i = 0; i < 12; ++i)
            levels += "    - {id: f" + std::to_string(i) + ", title: X, question: X, levels: [{id: a, title: A, points: 100}]}\n";
        files.push_back(with(general(), "  factors:\n", "  factors:\n" + levels));
        std::string faults = general();
        for (int i = 0; i < 1000; ++i)
            faults += "x" + std::to_string(i) + ": 1\n";
        files.push_back(faults);
        for (const std::string &file : files) {
            QVERIFY(!file.empty());
            const policy::PackReading reading = policy::readPackFile(file);
            QVERIFY(!reading.pack);
            QVERIFY(!reading.faults.empty() && reading.faults.size() <= 201);
        }
    }

    void aDocumentIsReadAsStrictlyAsAFile()
    {
        const auto pack = policy::readPack(general());
        QVERIFY(pack);
        const json::Object document = policy::packDocument(*pack);
        json::Object more = document;
        more.set("extra", 1);
        QVERIFY(!policy::parsePackDocument(more));
        json::Object wrong = document;
        wrong.set("waiverDays", "90");
        QVERIFY(!policy::parsePackDocument(wrong));
        json::Object format = document;
        format.set("format", 2);
        QVERIFY(!policy::parsePackDocument(format));
        QVERIFY(!policy::parsePackDocument({}));
    }

    void aRecordedPackIsReadThoughALaterCheckRefusesIt()
    {
        auto pack = policy::readPack(general());
        QVERIFY(pack);
        pack->rules[0].limit.metric = "no longer known";
        QVERIFY(!policy::checkPack(*pack).empty());
        const auto again = policy::parsePackDocument(policy::packDocument(*pack));
        QVERIFY(again);
        QVERIFY(*again == *pack);
    }
};

QTEST_APPLESS_MAIN(PacksTest)
#include "tst_packs.moc"
