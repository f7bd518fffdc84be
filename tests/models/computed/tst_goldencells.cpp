#include "models/base/json.h"
#include "sets.h"

#include <QtCore/QFile>

using namespace countersign;
using namespace countersign::computed;
using namespace countersign::scoretables;

// The golden values of ../shared/data, where they are there: counts exactly, rates at 1e-12, AUC and log loss at 1e-9. The first
// row of every table is made here, so that the same comparison runs everywhere.

namespace {

QString shared(const QString &file) { return QStringLiteral(COUNTERSIGN_SHARED_DATA) + QStringLiteral("/") + file; }

json::Value golden(const char *name)
{
    QFile file(shared(QStringLiteral("golden/") + QString::fromLatin1(name)));
    if (!file.open(QIODevice::ReadOnly))
        return json::Object{{"cases", json::Array{}}};
    json::Limits limits;
    limits.depth = 100;
    auto parsed = json::parse(file.readAll().toStdString(), limits);
    return parsed ? *parsed : json::Value(json::Object{{"cases", json::Array{}}});
}

const json::Array &casesOf(const json::Value &file)
{
    static const json::Array none;
    const json::Value *cases = file.find("cases");
    return cases && cases->array() ? *cases->array() : none;
}

/// What our metrics are called in the golden files, and how near they have to be.
struct Compared {
    const char *ours;
    std::vector<const char *> theirs;
    double relative;
};
const std::vector<Compared> kCompared{
    {"accuracy", {"accuracy"}, 1e-12}, {"error_rate", {"error_rate"}, 1e-12}, {"precision", {"precision", "ppv"}, 1e-12},
    {"recall", {"recall", "tpr"}, 1e-12}, {"specificity", {"specificity", "tnr"}, 1e-12}, {"fpr", {"fpr"}, 1e-12}, {"fnr", {"fnr"}, 1e-12},
    {"fdr", {"fdr"}, 1e-12}, {"for", {"for"}, 1e-12}, {"npv", {"npv"}, 1e-12}, {"prevalence", {"prevalence"}, 1e-12},
    {"selection_rate", {"selection_rate"}, 1e-12}, {"f1", {"f1"}, 1e-12}, {"mcc", {"mcc"}, 1e-12}, {"cohen_kappa", {"cohen_kappa"}, 1e-12},
    {"jaccard", {"jaccard"}, 1e-12}, {"balanced_accuracy", {"balanced_accuracy"}, 1e-12},
    {"auc", {"roc_auc"}, 1e-9}, {"gini", {"gini"}, 1e-9}, {"average_precision", {"average_precision"}, 1e-9}, {"ks", {"ks_from_roc", "ks"}, 1e-9},
    {"log_loss", {"log_loss_eps_float64 (sklearn>=1.3)", "log_loss"}, 1e-9}, {"brier", {"brier"}, 1e-11}, {"brier_skill", {"brier_skill"}, 1e-11},
    {"ece", {"ece_uniform_10_leftclosed"}, 1e-9}, {"mce", {"mce_uniform_10_leftclosed"}, 1e-9},
    {"ece_quantile", {"ece_quantile_10"}, 1e-9}, {"f2", {"f2"}, 1e-12},
    {"mean_score", {"mean_score"}, 1e-11}};

/// Zero out of subtracting two near numbers is zero to rounding.
bool isEqualTo(double ours, double theirs, double relative)
{
    return tables::isNear(ours, theirs, relative) || (theirs == 0 && std::fabs(ours) < 1e-15);
}

/// Compares every figure that a golden object names; how many.
int compareCell(const ComputedCell &cell, const json::Value &expected, const QString &where)
{
    int compared = 0;
    for (const char *count : {"tp", "fp", "fn", "tn"}) {
        const json::Value *value = expected.find(count);
        if (!value || !value->number())
            continue;
        const double ours = count[0] == 't' ? (count[1] == 'p' ? cell.counts.tp : cell.counts.tn) : count[1] == 'p' ? cell.counts.fp : cell.counts.fn;
        if (ours != *value->real())
            qWarning() << where << count << ours << *value->real();
        compared += ours == *value->real() ? 1 : -1'000'000;
    }
    for (const auto &metric : kCompared)
        for (const char *name : metric.theirs) {
            const json::Value *value = expected.find(name);
            const metrics::Figure *figure = cell.find(metric.ours);
            // Bins of equal mass are those of the whole log; the file has those of the month or group.
            if (!value || !figure || (std::string_view(metric.ours) == "ece_quantile" && (cell.window || !cell.group.empty())))
                continue;
            const bool isTheirsDefined = value->number() != nullptr;
            const double theirs = isTheirsDefined ? *value->real() : qQNaN();
            // Part 1 of metrics.md where we differ: undefined is not 0; balanced accuracy is over the classes that are there; and
            // the file has no largest calibration error with weights.
            const bool isConvention = (theirs == 0 && !figure->isDefined()) || (!isTheirsDefined && std::string_view(name) == "balanced_accuracy")
                                      || (!isTheirsDefined && std::string_view(metric.ours) == "mce");
            const bool isEqual = isConvention || (isTheirsDefined ? figure->isDefined() && isEqualTo(figure->value, theirs, metric.relative)
                                                                  : !figure->isDefined());
            if (!isEqual)
                qWarning() << where << metric.ours << figure->value << theirs << reasonKey(figure->reason).data();
            compared += isEqual ? 1 : -1'000'000;
        }
    return compared;
}

std::filesystem::path logPath(const std::string &file)
{
    const QString path = shared(QStringLiteral("logs/") + QString::fromStdString(file));
    return QFile::exists(path) ? path.toStdString() : (path + QStringLiteral(".gz")).toStdString();
}

Result<ComputedSet> computeShared(const std::string &file, const predictions::Mapping &mapping, const Parameters &parameters)
{
    auto reader = predictions::LogReader::open(logPath(file));
    if (!reader)
        return reader.error();
    return computeLog(*std::move(reader), mapping, parameters);
}

predictions::Mapping binary(const std::string &label, const std::string &score, const std::string &prediction = {})
{
    predictions::Mapping mapping;
    mapping.label = label;
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = score;
    mapping.prediction = prediction;
    return mapping;
}

} // namespace

class GoldenCellsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void performanceOfWholeLogsAndMonths_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("own") << QString();
        const auto file = golden("perf.json");
        for (const auto &entry : casesOf(file))
            if (entry.find("score"))
                QTest::newRow(entry.text("id")->c_str()) << QString::fromStdString(*entry.text("id"));
    }
    void performanceOfWholeLogsAndMonths()
    {
        QFETCH(QString, id);
        if (id.isEmpty()) { // scikit-learn's own example: 0.1 0.4 0.35 0.8 against 0 0 1 1 has an AUC of 3/4
            const auto set = tables::compute("y,s,a,b,t,w\n0,0.1,,,,1\n0,0.4,,,,1\n1,0.35,,,,1\n1,0.8,,,,1\n", tables::mapping(), {});
            QVERIFY(set.ok());
            QCOMPARE(set->find({})->find("auc")->value, 0.75);
            QVERIFY(tables::isNear(set->find({})->find("average_precision")->value, 0.8333333333333333, 1e-15));
            return;
        }
        const auto file = golden("perf.json");
        const auto &entry = *std::ranges::find_if(casesOf(file), [&](const json::Value &value) { return *value.text("id") == id.toStdString(); });
        const std::string rule = *entry.text("pred");
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        auto mapping = binary(*entry.text("label"), *entry.text("score"));
        const std::size_t threshold = rule.find("score >= ");
        if (threshold == 0)
            parameters.threshold = *number::parse(rule.substr(9));
        else
            mapping.prediction = rule.substr(0, rule.find(' '));
        mapping.weight = entry.textOr("sample_weight", {});
        const std::string filter = entry.textOr("filter", {});
        std::string window;
        if (filter.starts_with("year == ")) {
            mapping.attributes = {{"year", "year", {}}};
        } else if (filter.starts_with("month of ")) {
            mapping.time = filter.substr(9, filter.find(" ==") - 9);
            parameters.window.unit = WindowUnit::Month;
            window = filter.substr(filter.find("== ") + 3);
        }
        const auto set = computeShared(*entry.text("file"), mapping, parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const GroupValues group = filter.starts_with("year") ? GroupValues{{"year", filter.substr(8)}} : GroupValues{};
        const ComputedCell *cell = set->find(group, window);
        QVERIFY(cell);
        const json::Value &expected = *entry.find("metrics");
        QCOMPARE(qint64(cell->n), *expected.integer("n"));
        QVERIFY(compareCell(*cell, expected, id) > 20);
    }

    void severalClassesAndAmounts_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("own classes") << QString();
        const auto file = golden("perf.json");
        for (const auto &entry : casesOf(file))
            if (entry.text("id")->starts_with("wine"))
                QTest::newRow(entry.text("id")->c_str()) << QString::fromStdString(*entry.text("id"));
    }
    void severalClassesAndAmounts()
    {
        QFETCH(QString, id);
        Parameters parameters;
        predictions::Mapping mapping;
        mapping.task = predictions::Task::Multiclass;
        if (id.isEmpty()) {
            mapping.label = "y";
            mapping.prediction = "p";
            mapping.attributes = {{"g", "g", {}}};
            const auto set = tables::compute("y,p,g\na,a,x\nb,b,x\nc,a,y\n,a,y\na,,y\n", mapping, parameters);
            QVERIFY(set.ok());
            QCOMPARE(set->find({})->n, 3U);
            QVERIFY(tables::isNear(set->find({})->find("accuracy")->value, 2.0 / 3, 1e-15));
            QCOMPARE(set->find({{"g", "y"}})->leftOut.noLabel, 1U);
            QCOMPARE(set->find({{"g", "y"}})->leftOut.noPrediction, 1U);
            QCOMPARE(set->find({})->confusion, (std::vector<double>{1, 0, 0, 0, 1, 0, 1, 0, 0}));
            return;
        }
        const auto file = golden("perf.json");
        const auto &entry = *std::ranges::find_if(casesOf(file), [&](const json::Value &value) { return *value.text("id") == id.toStdString(); });
        const bool isRegression = id.contains(QStringLiteral("regression"));
        mapping.task = isRegression ? predictions::Task::Regression : predictions::Task::Multiclass;
        mapping.label = *entry.text("label");
        mapping.prediction = *entry.text("pred");
        if (const json::Value *proba = entry.find("proba"))
            for (const auto &column : *proba->array())
                mapping.classScores.push_back({column.string()->substr(2), *column.string()});
        mapping.attributes = {{"color", "color", {}}};
        const auto set = computeShared(*entry.text("file"), mapping, parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const std::string filter = entry.textOr("filter", {});
        const ComputedCell *cell = set->find(filter.empty() ? GroupValues{} : GroupValues{{"color", filter.substr(filter.find("== ") + 3)}});
        QVERIFY(cell);
        const json::Value &expected = *entry.find("metrics");
        QCOMPARE(qint64(cell->n), *expected.integer("n"));
        if (const json::Value *confusion = expected.find("confusion"))
            for (std::size_t a = 0; a < 3; ++a)
                for (std::size_t p = 0; p < 3; ++p)
                    QCOMPARE(cell->confusion[a * 3 + p], *confusion->array()->at(a).array()->at(p).real());
        const std::vector<std::pair<const char *, const char *>> names{
            {"accuracy", "accuracy"}, {"balanced_accuracy", "balanced_accuracy"}, {"mcc", "mcc"}, {"cohen_kappa", "cohen_kappa"},
            {"precision_macro", "precision_macro"}, {"recall_macro", "recall_macro"}, {"f1_macro", "f1_macro"}, {"f1_micro", "f1_micro"},
            {"precision_weighted", "precision_weighted"}, {"f1_weighted", "f1_weighted"}, {"auc_ovr_macro", "roc_auc_ovr_macro"},
            {"auc_ovr_weighted", "roc_auc_ovr_weighted"}, {"auc_ovo_macro", "roc_auc_ovo_macro"}, {"auc_ovo_weighted", "roc_auc_ovo_weighted"},
            {"log_loss", "log_loss"}, {"brier", "brier_multiclass (sum over classes, mean over rows)"}, {"rmse", "rmse"}, {"mae", "mae"},
            {"r2", "r2"}, {"mape", "mape"}, {"wape", "wape"}, {"smape", "smape"}, {"mean_error", "bias_mean_error (pred - true)"}};
        int compared = 0;
        for (const auto &[ours, theirs] : names) {
            const json::Value *value = expected.find(theirs);
            const metrics::Figure *figure = cell->find(ours);
            if (!value || !figure || !value->number())
                continue;
            QVERIFY2(tables::isNear(figure->value, *value->real(), 1e-9), ours);
            ++compared;
        }
        QVERIFY(compared >= 6);
    }

    void scoresOfGroups_data()
    {
        QTest::addColumn<int>("index");
        QTest::newRow("own") << -1;
        const auto file = golden("group_scores.json");
        for (std::size_t i = 0; i < casesOf(file).size(); ++i)
            QTest::addRow("%s %d", casesOf(file)[i].text("id")->c_str(), static_cast<int>(i)) << static_cast<int>(i);
    }
    void scoresOfGroups()
    {
        QFETCH(int, index);
        if (index < 0) {
            const auto set = tables::compute("y,s,a,b,t,w\n0,0.1,x,,,1\n0,0.4,x,,,1\n1,0.35,x,,,1\n1,0.8,x,,,1\n1,0.5,y,,,1\n0,0.5,y,,,1\n", tables::mapping(), {});
            QVERIFY(set.ok());
            QCOMPARE(set->find({{"a", "x"}})->find("auc")->value, 0.75);
            QCOMPARE(set->find({{"a", "y"}})->find("auc")->value, 0.5);
            return;
        }
        const auto file = golden("group_scores.json");
        const auto &entry = casesOf(file)[static_cast<std::size_t>(index)];
        auto mapping = binary(*entry.text("label"), *entry.text("score"));
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        for (const auto &attribute : *entry.find("group")->array())
            mapping.attributes.push_back({*attribute.string(), *attribute.string(), {}});
        const std::string filter = entry.textOr("filter", {});
        if (!filter.empty())
            mapping.attributes.push_back({"year", "year", {}});
        parameters.depth = mapping.attributes.size();
        const auto set = computeShared(*entry.text("file"), mapping, parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        int compared = 0;
        for (const auto &[name, expected] : entry.find("by_group")->object()->members()) {
            GroupValues group;
            std::string rest = name;
            for (const auto &attribute : *entry.find("group")->array()) {
                const std::size_t bar = std::min(rest.find(" | "), rest.size());
                group.emplace_back(*attribute.string(), rest.substr(0, bar));
                rest = rest.substr(std::min(rest.size(), bar + 3));
            }
            if (!filter.empty())
                group.emplace_back("year", filter.substr(8));
            const ComputedCell *cell = set->find(group);
            QVERIFY2(cell, name.c_str());
            QCOMPARE(double(cell->n), *expected.find("count")->real());
            compared += compareCell(*cell, expected, QString::fromStdString(name));
        }
        QVERIFY(compared > 0);
    }

    void countsAndDisparitiesOfGroups_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("own") << QString();
        const auto file = golden("fairness.json");
        for (const auto &entry : casesOf(file))
            QTest::newRow(entry.text("id")->c_str()) << QString::fromStdString(*entry.text("id"));
    }
    void countsAndDisparitiesOfGroups()
    {
        QFETCH(QString, id);
        if (id.isEmpty()) {
            std::string text = "y,s,a,b,t,w\n";
            for (int i = 0; i < 40; ++i)
                text += std::string("1,") + (i < 10 ? "0.9" : "0.1") + ",x,,,1\n0," + (i < 30 ? "0.9" : "0.1") + ",y,,,1\n";
            Parameters parameters;
            parameters.bootstrapDraws = 0;
            const auto set = tables::compute(text, tables::mapping(), parameters);
            QVERIFY(set.ok());
            const auto parity = std::ranges::find(set->disparities, "demographic_parity_difference", &ComputedDisparity::name);
            QVERIFY(parity != set->disparities.end());
            QCOMPARE(parity->figure.value, 0.5);
            QVERIFY((parity->highest == GroupValues{{"a", "y"}}));
            return;
        }
        const auto file = golden("fairness.json");
        const auto &entry = *std::ranges::find_if(casesOf(file), [&](const json::Value &value) { return *value.text("id") == id.toStdString(); });
        const bool isEmployment = id.startsWith(QStringLiteral("employment"));
        const bool isGerman = id.startsWith(QStringLiteral("german"));
        auto mapping = binary("y_true", "score", isGerman ? "" : "y_pred");
        mapping.weight = entry.find("sample_weight") ? entry.textOr("sample_weight", {}) : std::string();
        if (const json::Value *weight = entry.find("sample_weight"); weight && weight->string())
            mapping.weight = *weight->string();
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        parameters.smallestGroup = 1;
        if (isGerman)
            parameters.threshold = 0.5;
        for (const auto &[attribute, tables] : entry.find("attributes")->object()->members())
            mapping.attributes.push_back({attribute, attribute, {}});
        if (isEmployment)
            mapping.attributes.push_back({"year", "year", {}});
        parameters.depth = isEmployment ? 2 : 1;
        const auto set = computeShared(*entry.text("file"), mapping, parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        int compared = 0;
        for (const auto &[attribute, tables] : entry.find("attributes")->object()->members())
            for (const auto &[value, expected] : tables.find("group_table")->object()->members()) {
                GroupValues group{{attribute, value}};
                if (isEmployment)
                    group.emplace_back("year", id.right(4).toStdString());
                const ComputedCell *cell = set->find(group);
                QVERIFY2(cell, (attribute + "=" + value).c_str());
                QCOMPARE(qint64(cell->n), *expected.integer("n"));
                compared += compareCell(*cell, expected, id + QStringLiteral(" ") + QString::fromStdString(value));
            }
        QVERIFY(compared > 0);
    }

    void delongIntervalsAreThoseOfPRoc()
    {
        const auto check = [](const ComputedSet &set, const GroupValues &group, double lower, double upper) {
            const metrics::Figure *auc = set.find(group)->find("auc");
            QVERIFY(auc && auc->interval);
            QVERIFY(std::fabs(auc->interval->lower - lower) < 1e-9 && std::fabs(auc->interval->upper - upper) < 1e-9);
        };
        // Worked by hand: positives 1 (above both), 0 (between), negatives: V10 = {1, 1/2}, V01 = {1/2, 1}: variance 1/8 / 2 + 1/8 / 2.
        const auto own = tables::compute("y,s,a,b,t,w\n0,0.1,,,,1\n0,0.4,,,,1\n1,0.35,,,,1\n1,0.8,,,,1\n", tables::mapping(), {});
        QVERIFY(own.ok());
        check(*own, {}, 0.75 - 1.959963984540054 * std::sqrt(0.125), 1.0);
        const auto file = golden("ci.json");
        const json::Value *cases = file.find("auc_delong_95 (R pROC)");
        for (const auto &entry : cases ? *cases->array() : json::Array{}) {
            const std::string id = *entry.text("id");
            if (!id.starts_with("german") && !id.starts_with("adult"))
                continue;
            auto mapping = binary("y_true", "score");
            mapping.attributes = {{"sex", "sex", {}}};
            Parameters parameters;
            parameters.bootstrapDraws = 0;
            const auto set = computeShared(id.substr(0, id.find('.')) + "_preds.csv", mapping, parameters);
            QVERIFY(set.ok());
            const std::size_t sex = id.find("sex=");
            check(*set, sex == std::string::npos ? GroupValues{} : GroupValues{{"sex", id.substr(sex + 4)}}, *entry.find("lo")->real(), *entry.find("hi")->real());
        }
    }
};

QTEST_APPLESS_MAIN(GoldenCellsTest)
#include "tst_goldencells.moc"
