#include "models/predictions/mapping/guess.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::predictions;
using Role = ColumnGuess::Role;

namespace {

Sample sampleOf(const std::string &text)
{
    const auto sample = lookAt(text, true);
    return sample ? *sample : Sample();
}

Role roleOf(const Guess &guess, const std::string &column)
{
    const auto found = std::ranges::find(guess.columns, column, &ColumnGuess::column);
    return found == guess.columns.end() ? Role::Ignored : found->role;
}

const std::string kLog = "case_id,approved,repaid,probability,sex,amount,when,note\n"
                         "1,yes,1,0.25,F,100,2026-01-05T10:00:00Z,first come\n"
                         "2,no,0,0.5,M,2000.5,2026-01-06T10:00:00Z,second come\n"
                         "3,yes,0,0.75,F,33,2026-01-07T10:00:00Z,third come\n";

} // namespace

class GuessTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesComeFirstThenContent()
    {
        const Guess guess = guessMapping(sampleOf(kLog));
        QCOMPARE(guess.mapping.score, std::string("probability"));
        QCOMPARE(guess.mapping.time, std::string("when"));
        QVERIFY(roleOf(guess, "sex") == Role::Attribute);
        QVERIFY(roleOf(guess, "amount") == Role::Feature);
        QVERIFY(roleOf(guess, "case_id") == Role::Ignored);
        QVERIFY(guess.mapping.label.empty()); // nobody can know which of the two it is
    }

    void oneBadTimeAmongManyDoesNotHideThatTheyAreTimes()
    {
        std::string log = "zeit,score,ort\n";
        for (int i = 10; i < 60; ++i)
            log += (i == 13 ? "gestern" : "2026-01-05T10:" + std::to_string(i) + ":00Z") + ",0." + std::to_string(i) + ",nowhere" + std::to_string(i) + "\n";
        const Guess guess = guessMapping(sampleOf(log));
        QCOMPARE(guess.mapping.time, std::string("zeit"));
        QVERIFY(guess.columns.front().reason.find("almost all") != std::string::npos);
        QVERIFY(roleOf(guess, "ort") == Role::Feature); // texts stay texts
    }

    void outcomesThatCreditAndChurnCallByNameAreLabels()
    {
        for (const char *name : {"default", "Defaulted", "is_fraud", "churned"})
            QCOMPARE(guessMapping(sampleOf(std::string("score,age,") + name + "\n0.5,30,1\n0.25,31,0\n")).mapping.label, std::string(name));
    }

    void theTimeOfTheLabelGoesByItsName()
    {
        const Guess guess = guessMapping(sampleOf("ts,y_true,score,outcome_date\n2026-01-05,1,0.5,2026-02-01\n2026-01-06,0,0.25,\n"));
        QCOMPARE(guess.mapping.time, std::string("ts"));
        QCOMPARE(guess.mapping.labelTime, std::string("outcome_date"));
        QVERIFY(roleOf(guess, "outcome_date") == Role::LabelTime);
        // Nothing to count from: no delay.
        QVERIFY(guessMapping(sampleOf("score,outcome_date\n0.5,2026-02-01\n")).mapping.labelTime.empty());
        // A name alone is not enough.
        QVERIFY(guessMapping(sampleOf("ts,y_true,label_time\n2026-01-05,1,soon\n2026-01-06,0,late\n")).mapping.labelTime.empty());
    }

    void aChosenLabelBringsItsValues()
    {
        const Guess words = guessMapping(sampleOf(kLog), {{"approved", Role::Label}});
        QCOMPARE(words.mapping.label, std::string("approved"));
        QVERIFY(words.mapping.labelValues == (BinaryValues{{"yes"}, {"no"}}));
        const Guess numbers = guessMapping(sampleOf(kLog), {{"repaid", Role::Label}});
        QVERIFY(numbers.mapping.labelValues == (BinaryValues{{"1"}, {"0"}}));
        QVERIFY(numbers.mapping.task == Task::Binary);
    }

    void aRoleThatSomebodyHasIsGuessedForNoOther()
    {
        const Guess guess = guessMapping(sampleOf("y_true,outcome,score\n1,0,0.5\n0,1,0.25\n"), {{"outcome", Role::Label}});
        QCOMPARE(guess.mapping.label, std::string("outcome"));
        QVERIFY(roleOf(guess, "y_true") != Role::Label);
    }

    void aColumnThatSomebodyLeftOutStaysOut()
    {
        const Guess guess = guessMapping(sampleOf(kLog), {{"sex", Role::Ignored}});
        QVERIFY(roleOf(guess, "sex") == Role::Ignored);
        QVERIFY(guess.mapping.attributes.size() == 2U || guess.mapping.attributes.size() == 1U);
        for (const auto &attribute : guess.mapping.attributes)
            QVERIFY(attribute.column != "sex");
    }

    void theLabelDecidesTheTask()
    {
        QVERIFY(guessMapping(sampleOf("label,prediction\n1.5,2\n2.5,2\n3.5,1\n")).mapping.task == Task::Regression);
        const Guess classes = guessMapping(sampleOf("label,p_a,p_b,p_c\na,0.5,0.25,0.25\nb,0,1,0\nc,0.125,0.125,0.75\n"));
        QVERIFY(classes.mapping.task == Task::Multiclass);
        QCOMPARE(classes.mapping.classScores.size(), std::size_t(3));
        QCOMPARE(classes.mapping.classScores.front().className, std::string("a"));
    }

    void labelAndPredictionDecideTheTaskTogether_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QByteArray>("task");
        const auto row = [](const char *name, const QByteArray &rows, const char *task) { QTest::newRow(name) << rows << QByteArray(task); };
        row("whole numbers in both are classes", "0,0\n1,1\n2,1\n2,0\n", "multiclass");
        row("written with decimals in one", "0.0,0\n1.0,1\n2.0,1\n2.0,0\n", "multiclass");
        row("a third class in the prediction alone", "0,0\n1,1\n0,2\n1,1\n", "multiclass");
        row("a third text in the prediction alone", "ham,ham\nspam,spam\nham,advert\n", "multiclass");
        row("grades predicted with a fraction", "5,5.07\n6,5.9\n7,6.2\n", "regression");
        QByteArray counts;
        for (int i = 0; i < 30; ++i)
            counts += QByteArray::number(i) + "," + QByteArray::number(i + 1) + "\n";
        row("more numbers than there would be classes", counts, "regression");
        row("one amount", "2.0,3.0\n", "regression");
        row("one amount again and again", "2.0,2.0\n2.0,2.0\n", "regression");
        row("two amounts, one missing", "1.0,1.0\n2.0,nan\n", "regression");
        row("large amounts, that could be times", "1250000,1250000.5\n2250000,2250000\n3250000,3250000\n", "regression");
        row("two outcomes", "0,1\n1,1\n", "binary");
        row("two outcomes with decimals", "0.0,1.0\n1.0,1.0\n", "binary");
        row("two outcomes that only a person can tell apart", "1,2\n2,2\n", "binary");
        row("one outcome", "1,1\n1,0\n", "binary");
        row("outcomes as numbers, decisions as words", "1,approve\n0,decline\n1,refer\n", "binary");
    }
    void labelAndPredictionDecideTheTaskTogether()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, task);
        const Guess guess = guessMapping(sampleOf("y_true,y_pred\n" + rows.toStdString()));
        QCOMPARE(taskName(guess.mapping.task), std::string_view(task.constData()));
    }

    void aScoreMeansTwoOutcomes()
    {
        QVERIFY(guessMapping(sampleOf("y_true,y_pred,score\n0,0,0.1\n1,2,0.5\n")).mapping.task == Task::Binary);
        QVERIFY(guessMapping(sampleOf("y_true,y_pred\n0,0\n1,2\n2,2\n"), {}, Task::Regression).mapping.task == Task::Regression);
    }

    void columnsOfOneNameAreNoFeatures()
    {
        const Guess guess = guessMapping(sampleOf("y_true,score,x,x\n1,0.5,1,2\n0,0.25,3,4\n"));
        QVERIFY(guess.mapping.features.empty() && guess.mapping.check().ok());
        QCOMPARE(guess.columns[2].reason, std::string("in the header more than once"));
    }

    void scoresOfNumberedClassesAreFound()
    {
        const Guess guess = guessMapping(sampleOf("y_true,proba_0,proba_1,proba_2\n0.0,0.5,0.25,0.25\n1.0,0,1,0\n2.0,0.125,0.125,0.75\n"));
        QVERIFY(guess.mapping.task == Task::Multiclass);
        QCOMPARE(guess.mapping.classScores.size(), std::size_t(3));
        QCOMPARE(guess.mapping.classScores[2].className, std::string("2"));
    }
};

QTEST_GUILESS_MAIN(GuessTest)
#include "tst_guess.moc"
