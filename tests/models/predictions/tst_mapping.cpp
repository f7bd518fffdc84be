#include "models/base/json.h"
#include "models/predictions/dictionary.h"
#include "models/predictions/mapping/guess.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::predictions;

namespace {

Mapping fullMapping()
{
    Mapping mapping;
    mapping.label = "y";
    mapping.score = "s";
    mapping.prediction = "p";
    mapping.time = "t";
    mapping.labelTime = "known";
    mapping.weight = "w";
    mapping.timeFormat = TimeFormat::EpochMilliseconds;
    mapping.labelValues = {{"bad", "default"}, {"good"}};
    mapping.predictionValues = {{"reject"}, {}};
    mapping.classScores = {{"a", "pa"}, {"b", "pb"}};
    mapping.attributes = {{"age band", "age", *Bands::make({25, 45.5})}, {"sex", "sex", {}}};
    mapping.features = {{"income", true}, {"job", false}};
    mapping.missing = {"", "-"};
    mapping.dialect = {Format::Csv, ';', ',', true};
    return mapping;
}

Guess guessOf(const std::string &text)
{
    const auto sample = lookAt(text, true);
    return sample ? guessMapping(*sample) : Guess();
}

QString roleOf(const Guess &guess, const std::string &column)
{
    static const char *const names[] = {"ignored", "label", "score", "prediction", "class score", "time", "weight", "attribute", "feature", "label time"};
    for (const auto &own : guess.columns)
        if (own.column == column)
            return QString::fromLatin1(names[static_cast<std::size_t>(own.role)]);
    return {};
}

} // namespace

class MappingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadAsWritten()
    {
        const Mapping mapping = fullMapping();
        const Bytes text = writeMapping(mapping);
        const auto read = readMapping(text);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QVERIFY(*read == mapping);
        QCOMPARE(writeMapping(*read), text);
        Mapping small;
        small.label = "y";
        small.labelValues = {{"1"}, {"0"}};
        QCOMPARE(writeMapping(small), Bytes(R"({"label":"y","labelValues":{"negative":["0"],"positive":["1"]},"schema":"countersign-mapping-1","task":"binary"})"));
        QVERIFY(*readMapping(writeMapping(small)) == small);
    }

    void theTimeOfTheLabelNeedsBothItIsAbout()
    {
        Mapping mapping = fullMapping();
        QVERIFY(mapping.check());
        mapping.time.clear();
        QCOMPARE(mapping.check().error().where, std::string("labelTime"));
        mapping = fullMapping();
        mapping.label.clear();
        QCOMPARE(mapping.check().error().where, std::string("labelTime"));
        // What was written before there was such a role is read as it was.
        QVERIFY(readMapping(R"({"label":"y","labelValues":{"positive":["1"]},"schema":"countersign-mapping-1","task":"binary","time":"t"})")->labelTime.empty());
    }

    void refusesWhatItDoesNotKnow_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        const auto row = [](const char *name, const char *text, const char *place) { QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(place); };
        row("no JSON", "label=y", "");
        row("a list", "[]", "$");
        row("no schema", R"({"score":"s"})", "$.schema");
        row("another schema", R"({"schema":"countersign-mapping-2","score":"s"})", "$.schema");
        row("unknown member", R"({"schema":"countersign-mapping-1","score":"s","scores":"x"})", "scores");
        row("wrong type", R"({"schema":"countersign-mapping-1","score":1})", "$.score");
        row("unknown task", R"({"schema":"countersign-mapping-1","task":"ranking","score":"s"})", "$.task");
        row("edges out of order", R"({"schema":"countersign-mapping-1","score":"s","attributes":[{"column":"a","edges":[2,1]}]})", "edges");
        row("edges that are no numbers", R"({"schema":"countersign-mapping-1","score":"s","attributes":[{"column":"a","edges":["1"]}]})", "edges");
        row("unknown inside", R"({"schema":"countersign-mapping-1","score":"s","attributes":[{"column":"a","colour":"red"}]})", "attributes[0]");
        row("attribute twice", R"({"schema":"countersign-mapping-1","score":"s","attributes":[{"column":"a"},{"column":"a"}]})", "attributes");
        row("a long delimiter", R"({"schema":"countersign-mapping-1","score":"s","dialect":{"delimiter":";;"}})", "delimiter");
        row("nothing to measure", R"({"schema":"countersign-mapping-1"})", "names no column");
        row("both positive and negative", R"({"schema":"countersign-mapping-1","label":"y","labelValues":{"positive":["1"],"negative":["1"]}})", "labelValues");
        row("no positive value", R"({"schema":"countersign-mapping-1","label":"y"})", "labelValues");
        row("the same key twice", R"({"schema":"countersign-mapping-1","score":"s","score":"t"})", "");
    }
    void refusesWhatItDoesNotKnow()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        const auto read = readMapping(text.toStdString());
        QVERIFY(!read.ok());
        QVERIFY2(QString::fromStdString(read.error().text()).contains(place), read.error().text().c_str());
    }

    void everyCutMappingIsRefused()
    {
        const Bytes text = writeMapping(fullMapping());
        for (std::size_t size = 0; size < text.size(); ++size)
            QVERIFY(!readMapping(text.substr(0, size)).ok());
    }

    void bandsHaveNames()
    {
        const auto names = [](const char *text) {
            const auto bands = Bands::parse(text);
            QStringList list;
            for (const auto &name : bands ? bands->second.names() : std::vector<std::string>())
                list << QString::fromStdString(name);
            return list.join(QStringLiteral(" | "));
        };
        QCOMPARE(names("age=25,45,65"), QStringLiteral("<25 | 25-44 | 45-64 | 65+"));
        QCOMPARE(names("amount=100000,1000000"), QStringLiteral("<100000 | 100000-999999 | 1000000+"));
        QCOMPARE(names("rate=0.5,1.5"), QStringLiteral("<0.5 | 0.5-<1.5 | 1.5+"));
        QCOMPARE(names("n=1,2"), QStringLiteral("<1 | 1 | 2+"));
        QCOMPARE(names("x=-5"), QStringLiteral("<-5 | -5+"));
        for (const char *bad : {"age", "=25", "age=", "age=a", "age=5,5", "age=5,4", "age=nan", "age=1,", "age=inf"})
            QVERIFY2(!Bands::parse(bad).ok(), bad);
    }

    void bandsAreClosedOnTheLeft()
    {
        const auto bands = *Bands::make({25, 45});
        QCOMPARE(bands.bandOf(24.999), std::size_t(0));
        QCOMPARE(bands.bandOf(25), std::size_t(1));
        QCOMPARE(bands.bandOf(45), std::size_t(2));
        QCOMPARE(bands.bandOf(-1e300), std::size_t(0));
    }

    void copiedDictionariesOwnTheirTexts()
    {
        // Threads start with copies of one dictionary; long texts are compared, and all are placed anew when it grows.
        auto original = std::make_unique<Dictionary>(std::vector<std::string>{"a long word for nothing"});
        original->preset("a long positive value", 1);
        Dictionary copy = *original;
        original.reset();
        QCOMPARE(copy.codeOf("a long positive value"), 1U);
        QCOMPARE(copy.codeOf("a long word for nothing"), Dictionary::kMissing);
        for (std::uint32_t i = 0; i < 5000; ++i)
            QCOMPARE(copy.codeOf("a long value, number " + std::to_string(i)), i + 2);
        QCOMPARE(copy.codeOf("a long positive value"), 1U);
        QCOMPARE(copy.codeOf("a long value, number 7"), 9U);
    }

    void guessesRoles()
    {
        const Guess guess = guessOf("id,ts,y_true,score,y_pred,sex,age_band,income,job,sample_weight\n"
                                    "1,2025-01-01T00:00:00,1,0.5,1,f,<25,1000,cook,1\n2,2025-01-02T00:00:00,0,0.25,0,m,65+,2000,nurse,2\n");
        const std::vector<std::pair<const char *, const char *>> expected{
            {"id", "ignored"}, {"ts", "time"}, {"y_true", "label"}, {"score", "score"}, {"y_pred", "prediction"}, {"sex", "attribute"},
            {"age_band", "attribute"}, {"income", "feature"}, {"job", "attribute"}, {"sample_weight", "weight"}};
        for (const auto &[column, role] : expected)
            QCOMPARE(roleOf(guess, column), QString::fromLatin1(role));
        QVERIFY(guess.mapping.check().ok());
        QVERIFY((guess.mapping.labelValues == BinaryValues{{"1"}, {"0"}}));
        QVERIFY(guess.mapping.task == Task::Binary);
    }

    void guessesTasks()
    {
        const Guess classes = guessOf("cls_true,cls_pred,p_low,p_mid,p_high\nlow,mid,0.5,0.25,0.25\nmid,mid,0,1,0\nhigh,low,0.1,0.2,0.7\n");
        QVERIFY(classes.mapping.task == Task::Multiclass);
        QCOMPARE(classes.mapping.classScores.size(), std::size_t(3));
        QCOMPARE(classes.mapping.classScores[0].className, std::string("low"));
        const Guess amounts = guessOf("y_true,y_pred\n1.5,2\n2.5,2\n3.5,3\n");
        QVERIFY(amounts.mapping.task == Task::Regression);
        const Guess words = guessOf("label,score\nyes,0.5\nno,0.25\n");
        QVERIFY((words.mapping.labelValues == BinaryValues{{"yes"}, {"no"}}));
        const Guess unclear = guessOf("label,score\ngood,0.5\nbad,0.25\n");
        QVERIFY(!unclear.mapping.check().ok()); // nobody but a person knows which is positive
    }
};

QTEST_APPLESS_MAIN(MappingTest)
#include "tst_mapping.moc"
