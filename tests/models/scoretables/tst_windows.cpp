#include "models/scoretables/windows.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::scoretables;

class WindowsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutsTime_data()
    {
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("day");
        QTest::addColumn<QString>("start");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *title, WindowUnit unit, const char *day, const char *start, const char *name) {
            QTest::newRow(title) << static_cast<int>(unit) << QString::fromLatin1(day) << QString::fromLatin1(start) << QString::fromLatin1(name);
        };
        row("day", WindowUnit::Day, "2025-01-31", "2025-01-31", "2025-01-31");
        row("Monday", WindowUnit::Week, "2025-01-06", "2025-01-06", "2025-01-06");
        row("Sunday", WindowUnit::Week, "2025-01-12", "2025-01-06", "2025-01-06");
        row("week over New Year", WindowUnit::Week, "2025-01-01", "2024-12-30", "2024-12-30");
        row("week of 1970", WindowUnit::Week, "1970-01-01", "1969-12-29", "1969-12-29");
        row("week before 1970", WindowUnit::Week, "1969-12-28", "1969-12-22", "1969-12-22");
        row("month", WindowUnit::Month, "2024-02-29", "2024-02-01", "2024-02");
        row("month before 1970", WindowUnit::Month, "1969-12-31", "1969-12-01", "1969-12");
        row("first quarter", WindowUnit::Quarter, "2025-03-31", "2025-01-01", "2025-Q1");
        row("last quarter", WindowUnit::Quarter, "2025-10-01", "2025-10-01", "2025-Q4");
        row("quarter before 1970", WindowUnit::Quarter, "1969-12-31", "1969-10-01", "1969-Q4");
    }
    void cutsTime()
    {
        QFETCH(int, unit);
        QFETCH(QString, day);
        QFETCH(QString, start);
        QFETCH(QString, name);
        const auto windowUnit = static_cast<WindowUnit>(unit);
        const auto moment = parseTime(day.toStdString());
        QVERIFY(moment.ok());
        const std::int64_t dayNumber = std::chrono::floor<std::chrono::days>(*moment).time_since_epoch().count();
        const std::int64_t number = unitOfDay(windowUnit, dayNumber);
        QCOMPARE(QString::fromStdString(formatDate(unitStart(windowUnit, number))), start);
        QCOMPARE(QString::fromStdString(unitName(windowUnit, number)), name);
        QVERIFY(unitStart(windowUnit, number) <= *moment);
        QVERIFY(unitStart(windowUnit, number + 1) > *moment);
    }

    void hoursHaveTheirName() { QCOMPARE(unitName(WindowUnit::Hour, 25), std::string("1970-01-02T01")); }

    void everyDayOfFourCenturiesIsInItsUnit()
    {
        for (const WindowUnit unit : {WindowUnit::Day, WindowUnit::Week, WindowUnit::Month, WindowUnit::Quarter}) {
            std::int64_t previous = unitOfDay(unit, -73'050);
            for (std::int64_t day = -73'050; day < 73'050; ++day) {
                const std::int64_t number = unitOfDay(unit, day);
                QVERIFY(number == previous || number == previous + 1);
                const Instant midnight(std::chrono::hours(24 * day));
                QVERIFY(unitStart(unit, number) <= midnight && midnight < unitStart(unit, number + 1));
                previous = number;
            }
        }
    }

    void specsAreReadAsWritten()
    {
        for (const char *text : {"none", "hour", "day", "week", "month", "quarter", "4 weeks", "12 months", "2 hours"}) {
            const auto spec = parseWindowSpec(text);
            QVERIFY2(spec.ok(), text);
            QCOMPARE(windowSpecText(*spec), std::string(text));
        }
        for (const char *text : {"year", "weeks", "0 weeks", "1 weeks", "-2 days", "500 days", "4", "2 none", "week ", "Week"})
            QVERIFY2(!parseWindowSpec(text).ok(), text);
    }
};

QTEST_APPLESS_MAIN(WindowsTest)
#include "tst_windows.moc"
