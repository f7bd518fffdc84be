#include "models/store/queries/reviewinputs.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::store;

namespace {

json::Value inputs(int series, const std::string &digest, std::int64_t count = 3)
{
    json::Array list;
    for (int i = 0; i < series; ++i)
        list.push_back(json::Value(json::Object{{"count", count}, {"digest", digest}, {"metric", "m" + std::to_string(i % 7)}, {"run", ""},
                                                {"slice", "region=r" + std::to_string(100 + i)}}));
    return json::Value(json::Object{{"series", json::Value(std::move(list))}});
}

} // namespace

/// What differs between the inputs of two moments, in words.
class TestReviewChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalInputsHaveNoChanges();
    void aFewSeriesAreToldOneByOne();
    void hundredsOfSeriesAreOneSentence();
    void restatedSeriesAreToldApartFromNewOnes();
    void everyMetricThatIsGoneIsNamed();
};

void TestReviewChanges::equalInputsHaveNoChanges() { QVERIFY(describeChanges(inputs(20, "a"), inputs(20, "a")).empty()); }

void TestReviewChanges::aFewSeriesAreToldOneByOne()
{
    const auto changes = describeChanges(inputs(0, ""), inputs(2, "a", 1));
    QCOMPARE(changes, (std::vector<std::string>{"m0 for region=r100 is new, with 1 value.", "m1 for region=r101 is new, with 1 value."}));
}

void TestReviewChanges::hundredsOfSeriesAreOneSentence()
{
    const auto changes = describeChanges(inputs(0, ""), inputs(332, "a"));
    QCOMPARE(changes, (std::vector<std::string>{"332 series of 7 metrics are new, 996 values in all: m0, m1, m2, m3, m4 and others."}));
}

void TestReviewChanges::restatedSeriesAreToldApartFromNewOnes()
{
    const auto changes = describeChanges(inputs(20, "a"), inputs(40, "b"));
    QCOMPARE(changes, (std::vector<std::string>{"20 series of 7 metrics have restated values, 60 values in all: m0, m1, m2, m3, m4, m5, m6.",
                                                "20 series of 7 metrics are new, 60 values in all: m0, m1, m2, m3, m4 and others."}));
}

void TestReviewChanges::everyMetricThatIsGoneIsNamed()
{
    QCOMPARE(describeChanges(inputs(1, "a"), inputs(0, "")), (std::vector<std::string>{"m0 for region=r100 is no longer there."}));
    QCOMPARE(describeChanges(inputs(21, "a"), inputs(0, "")),
             (std::vector<std::string>{"21 series of 7 metrics are no longer there, 63 values in all: m0, m1, m2, m3, m4, m5, m6."}));
}

QTEST_GUILESS_MAIN(TestReviewChanges)
#include "tst_reviewchanges.moc"
