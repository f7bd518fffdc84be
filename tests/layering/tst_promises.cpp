#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// What the sources and the papers of this house must not say, and that what TRACE.md names is there; and the checks
/// themselves, on planted texts.
namespace {

QString fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString source(const QString &path)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/") + path;
}

/// Words that promise more than a ledger can hold, and the lines that have them. "never tamper-proof" and the like may
/// stand.
QStringList boastsIn(const QString &text)
{
    static const QRegularExpression boast(
        QStringLiteral("tamper[- ]?proof|\\bimmutab|unbreakable|unhackable|\\bcomplian(ce|t) with\\b|(is|are) (fully "
                       ")?compliant|guarantee"),
        QRegularExpression::CaseInsensitiveOption);
    // What databases call a file that nobody writes, and a function that reads nothing.
    static const QRegularExpression term(QStringLiteral("immutable=1|IMMUTABLE|provolatile"));
    QStringList lines;
    for (const QString &line : text.split(QLatin1Char('\n')))
        if (!term.match(line).hasMatch() && boast.match(line).hasMatch())
            lines << line.trimmed();
    return lines;
}

/// Qt's JSON reader drops duplicate keys and accepts broken text: neither signed nor foreign bytes may go through it.
bool readsWithQtJson(const QString &text)
{
    static const QRegularExpression json(QStringLiteral("\\bQJson(Document|Object|Array|Value|ParseError)\\b"));
    return json.match(text).hasMatch();
}

/// Names of tests, `tst_x::function`, that a text has and no test does.
QStringList staleTestsIn(const QString &text, const QHash<QString, QString> &programs)
{
    static const QRegularExpression name(QStringLiteral("`(tst_[a-z]+)::([A-Za-z0-9]+)`"));
    QStringList stale;
    for (auto match = name.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        if (!programs.value(found.captured(1)).contains(QStringLiteral(" %1()").arg(found.captured(2))))
            stale << found.captured(0);
    }
    return stale;
}

QHash<QString, QString> testPrograms()
{
    QHash<QString, QString> programs;
    QDirIterator files(source(QStringLiteral("tests")), {QStringLiteral("tst_*.cpp")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        programs[files.fileInfo().completeBaseName()] = fileText(path);
    }
    return programs;
}

void forEachSource(const QStringList &folders, const QStringList &names,
                   const std::function<void(const QString &, const QString &)> &see)
{
    for (const QString &folder : folders) {
        QDirIterator files(source(folder), names, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            see(path, fileText(path));
        }
    }
}

} // namespace

class PromisesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plantedWordsAreFound()
    {
        QCOMPARE(
            boastsIn(
                QStringLiteral(
                    "fine\nA Tamper-Proof log\ntamperproof\nimmutable record\nPart 11 is guaranteed\nwe are compliant"))
                .size(),
            5);
        QVERIFY(boastsIn(QStringLiteral("tamper-evident; provides controls for 21 CFR Part 11")).isEmpty());
        QVERIFY(readsWithQtJson(QStringLiteral("#include <QJsonDocument>")) &&
                readsWithQtJson(QStringLiteral("QJsonObject o;")));
        QVERIFY(!readsWithQtJson(QStringLiteral("json::parse(bytes)")));
        const QHash<QString, QString> programs{
            {QStringLiteral("tst_a"), QStringLiteral("    void works()\n    void worksToo_data()\n")}};
        QCOMPARE(
            staleTestsIn(QStringLiteral("`tst_a::works` `tst_a::fails` `tst_b::works` `tst_a::worksToo`"), programs),
            (QStringList{QStringLiteral("`tst_a::fails`"), QStringLiteral("`tst_b::works`"),
                         QStringLiteral("`tst_a::worksToo`")}));
    }

    void nothingPromisesMoreThanItHolds()
    {
        const auto see = [](const QString &path, const QString &text) {
            const QStringList boasts = boastsIn(text);
            if (!boasts.isEmpty())
                QFAIL(qPrintable(path + QStringLiteral(": ") + boasts.join(QStringLiteral(" / "))));
        };
        int papers = 0;
        forEachSource(
            {QStringLiteral("models"), QStringLiteral("ui"), QStringLiteral("app"), QStringLiteral("resources")},
            {QStringLiteral("*.cpp"), QStringLiteral("*.h"), QStringLiteral("*.md"),
             QStringLiteral("*.ts")},
            see);
        for (const char *paper : {"README.md", "SECURITY.md", "CONTRIBUTING.md"}) {
            const QString text = fileText(source(QString::fromLatin1(paper)));
            papers += text.isEmpty() ? 0 : 1;
            see(QString::fromLatin1(paper), text);
        }
        QCOMPARE(papers, 3);
    }

    void qtsJsonReadsNothingOfOurs()
    {
        int files = 0;
        forEachSource({QStringLiteral("models"), QStringLiteral("ui"), QStringLiteral("app")},
                      {QStringLiteral("*.cpp"), QStringLiteral("*.h")},
                      [&files](const QString &path, const QString &text) {
                          ++files;
                          if (readsWithQtJson(text))
                              QFAIL(qPrintable(path));
                      });
        QVERIFY(files > 300);
    }

    void everyTestOfTheTraceIsThere()
    {
        const QString trace = fileText(source(QStringLiteral("models/ledger/TRACE.md")));
        QVERIFY(trace.count(QStringLiteral("`tst_")) > 40);
        const QStringList stale = staleTestsIn(trace, testPrograms());
        QVERIFY2(stale.isEmpty(), qPrintable(stale.join(QLatin1Char(' '))));
    }
};

QTEST_GUILESS_MAIN(PromisesTest)
#include "tst_promises.moc"
