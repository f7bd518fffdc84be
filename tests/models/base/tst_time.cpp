#include "models/base/random.h"
#include "models/base/time.h"

#include <QtTest/QtTest>

using namespace countersign;

class TimeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesFixedWidthUtc()
    {
        QCOMPARE(formatUtc(fromMillis(0)), std::string("1970-01-01T00:00:00.000Z"));
        QCOMPARE(formatUtc(fromMillis(-1)), std::string("1969-12-31T23:59:59.999Z"));
        QCOMPARE(formatUtc(fromMillis(253'402'300'799'999)), std::string("9999-12-31T23:59:59.999Z"));
        QCOMPARE(formatDate(fromMillis(951'782'400'000)), std::string("2000-02-29"));
    }

    void agreesWithQtOnTheCalendar()
    {
        SeededRandomness randomness(1582);
        for (int i = 0; i < 20'000; ++i) {
            const auto ms = static_cast<qint64>(randomness.next() % 315'000'000'000'000ULL) - 62'000'000'000'000;
            const QString expected = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzzZ"));
            QCOMPARE(QString::fromStdString(formatUtc(fromMillis(ms))), expected);
            QCOMPARE(toMillis(*parseUtc(expected.toStdString())), ms);
        }
    }

    void readsWhatPeopleWrite_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("utc");
        const std::pair<const char *, const char *> rows[] = {
            {"2026-11-23", "2026-11-23T00:00:00.000Z"}, {"2026-11-23T06:01", "2026-11-23T06:01:00.000Z"}, {"2026-11-23 06:01:02", "2026-11-23T06:01:02.000Z"},
            {"2026-11-23T06:01:02.5Z", "2026-11-23T06:01:02.500Z"}, {"2026-11-23T06:01:02.123456789Z", "2026-11-23T06:01:02.123Z"},
            {"2026-11-23T06:01:02+01:00", "2026-11-23T05:01:02.000Z"}, {"2026-11-23T00:30:00+0100", "2026-11-22T23:30:00.000Z"}, {"2026-11-23T06:01:02-05:30", "2026-11-23T11:31:02.000Z"},
            {"1700000000", "2023-11-14T22:13:20.000Z"}, {"1700000000123", "2023-11-14T22:13:20.123Z"}, {"2024-02-29", "2024-02-29T00:00:00.000Z"}};
        for (const auto &[text, utc] : rows)
            QTest::newRow(text) << QByteArray(text) << QByteArray(utc);
    }
    void readsWhatPeopleWrite()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, utc);
        const auto time = parseTime(text.toStdString());
        QVERIFY2(time.ok(), text.constData());
        QCOMPARE(QByteArray::fromStdString(formatUtc(*time)), utc);
    }

    void refusesTimesThatDoNotExist()
    {
        for (const char *bad : {"", "2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-00", "2026-11-31", "2026-11-23T24:00:00Z", "2026-11-23T06:60", "2026-11-23T06:01:60Z",
                                "2026-11-23T06:01:02.", "2026-11-23T06:01:02+15:00", "2026-11-23T06:01:02Z ", " 2026-11-23", "23.11.2026", "11/23/2026", "2026-11-23T", "yesterday", "99999999999999999", "20261123"})
            QVERIFY2(!parseTime(bad).ok(), bad);
        for (const char *bad : {"2026-11-23T06:01:02Z", "2026-11-23T06:01:02.12Z", "2026-11-23 06:01:02.123Z", "2026-11-23T06:01:02.123+00:00", "2026-11-23T06:01:02.123z"})
            QVERIFY2(!parseUtc(bad).ok(), bad);
    }

    void offsetsHaveOneSpelling()
    {
        for (const int minutes : {0, 60, -60, 330, -570, 840})
            QCOMPARE(*parseOffset(formatOffset(minutes)), minutes);
        QCOMPARE(formatOffset(-570), std::string("-09:30"));
        for (const char *bad : {"", "Z", "01:00", "+1:00", "+0100", "-00:00", "+01:60", "+15:00", "+01:00 "})
            QVERIFY2(!parseOffset(bad).ok(), bad);
    }

    void aFixedClockMovesOnlyWhenTold()
    {
        FixedClock clock(fromMillis(1000), 60);
        QCOMPARE(toMillis(clock.now()), qint64(1000));
        clock.advance(std::chrono::minutes(1));
        QCOMPARE(toMillis(clock.now()), qint64(61'000));
        QCOMPARE(clock.utcOffsetMinutes(clock.now()), 60);
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const qint64 now = toMillis(SystemClock().now());
        QVERIFY(now >= before && now <= QDateTime::currentMSecsSinceEpoch());
    }
};

QTEST_APPLESS_MAIN(TimeTest)
#include "tst_time.moc"
