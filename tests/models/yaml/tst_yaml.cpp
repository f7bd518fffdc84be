#include "models/yaml/members.h"
#include "models/yaml/parse.h"

#include <QtTest>

#include <string>

using namespace countersign;
using yaml::Node;

namespace {

QString shown(const std::string &text) { return QString::fromStdString(text); }

std::string repeated(const std::string &piece, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i)
        text += piece;
    return text;
}

} // namespace

class YamlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsMappingsListsAndScalarsWithTheirPlaces()
    {
        const yaml::Parsed parsed = yaml::parse("# a comment\n"
                                                "title: A pack\r\n"
                                                "flag: \"true\"\n"
                                                "empty:\n"
                                                "list:\n"
                                                "  - one\n"
                                                "  - {a: 1, b: [x, 'y: z']}\n"
                                                "long: >\n"
                                                "  folded\n"
                                                "  line\n");
        QVERIFY2(parsed.root, qPrintable(shown(parsed.fault.text())));
        const Node &root = *parsed.root;
        QCOMPARE(root.kind, Node::Kind::Mapping);
        QCOMPARE(root.names.size(), std::size_t(5));
        QCOMPARE(root.find("title")->text, std::string("A pack"));
        QCOMPARE(root.find("title")->line, 2);
        QCOMPARE(root.find("title")->column, 8);
        QVERIFY(root.find("title")->isPlain);
        QVERIFY(!root.find("flag")->isPlain);
        QCOMPARE(root.find("empty")->kind, Node::Kind::Null);
        const Node &list = *root.find("list");
        QCOMPARE(list.items.size(), std::size_t(2));
        QCOMPARE(list.items[1].find("b")->items[1].text, std::string("y: z"));
        QCOMPARE(list.items[1].find("b")->line, 7);
        QCOMPARE(root.find("long")->text, std::string("folded line\n"));
        QCOMPARE(root.find("absent"), nullptr);
    }

    void refusesWhatIsNotTheSubset_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, const std::string &text, int line, const char *sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << line << QString::fromUtf8(sentence);
        };
        row("nothing", "", 0, "The file is empty.");
        row("comments alone", "# nothing\n", 0, "The file is empty.");
        row("an anchor", "a: 1\nb: &x 2\n", 2, "Anchors (\"&name\") are not read");
        row("an anchored list", "a: 1\nb: &x [1]\n", 2, "Anchors (\"&name\") are not read");
        row("an alias", "a: &x 1\nb: *x\n", 1, "Anchors");
        row("a bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", 1, "Anchors");
        row("an alias of nothing", "a: *x\n", 1, "This is no YAML.");
        row("a merge key", "a: 1\nb:\n  <<: c\n", 3, "Merge keys");
        row("a tag", "a: 1\nb: !!str 2\n", 2, "Tags (\"!type\") are not read");
        row("a tag of one's own", "b: !python/object:os.system x\n", 1, "Tags");
        row("a tag without a name", "b: ! 2\n", 1, "Tags");
        row("a tagged mapping", "b: !x {a: 1}\n", 1, "Tags");
        row("a directive", "%YAML 1.2\n---\na: 1\n", 1, "Directives");
        row("two documents", "a: 1\n---\nb: 2\n", 2, "A second document begins here");
        row("a third document", "--- 1\n--- 2\n--- 3\n", 2, "A second document begins here");
        row("a name twice", "a: 1\nb: 2\na: 3\n", 3, "`a` stands here a second time; the first is in line 1.");
        row("a name twice in braces", "x: {a: 1, \"a\": 2}\n", 1, "`a` stands here a second time");
        row("a number as name", "a: 1\n12: 2\n", 2, "The name of a member is to be text, it is \"12\".");
        row("a fraction as name", "-1.5e3: 2\n", 1, "The name of a member is to be text");
        row("a flag as name", "yes: 2\n", 1, "The name of a member is to be text, it is \"yes\".");
        row("nothing as name", "a: 1\n~: 2\n", 2, "The name of a member is to be text, it is nothing.");
        row("a list as name", "? [a]\n: 2\n", 1, "The name of a member is to be text, it is a list.");
        row("a mapping as name", "{a: 1}: 2\n", 1, "The name of a member is to be text");
        row("a tab", "a:\n\tb: 1\n", 2, "A tab stands here");
        row("NUL", std::string("a: 1\nb: x\0y\n", 12), 2, "A control, bidirectional or invisible character stands here: \"\\u{0}");
        row("an escape", "a: \"x\\u0007\"\n", 1, "This text has a control, bidirectional or invisible character: \"x\\u{7}\".");
        row("NUL by escape", "a: \"x\\0\"\n", 1, "This text has a control");
        row("a surrogate by escape", "a: \"x\\ud800\"\n", 1, "");
        row("bidi", "a: 1\nb: \xE2\x80\xAE" "evil\n", 2, "A control, bidirectional or invisible character stands here: \"\\u{202E}");
        row("bidi in a comment", "# \xE2\x81\xA6\na: 1\n", 1, "A control, bidirectional");
        row("a byte order mark", "\xEF\xBB\xBF" "a: 1\n", 1, "A control, bidirectional");
        row("a carriage return alone", "a: 1\rb: 2\n", 1, "A control");
        row("not UTF-8", "a: 1\nb: \xFF\n", 2, "This line is not UTF-8.");
        row("a truncated character", "a: \xE2\x80", 1, "This line is not UTF-8.");
        row("brackets that are not closed", "a: [1, 2\n", 1, "A name and a value stand in brackets without braces, or the brackets are not closed.");
        row("braces that are not closed", "a: {b: 1, c\n", 0, "");
        row("a name in brackets", "a: [b: 1]\n", 1, "A name and a value stand in brackets without braces");
        row("an open quote", "a: \"x\n", 1, "A quotation mark opens here that is not closed on the same line");
        row("an open quote before another", "a: \"x\nb: \"y\"\n", 1, "A quotation mark opens here");
        row("an open single quote", "a: 'it''s\nb: 2\n", 1, "A quotation mark opens here");
        row("an escaped quote", "a: \"x\\\"\nb: 2\n", 1, "A quotation mark opens here");
        row("bad indentation", "a:\n  - 1\n b: 2\n", 0, "This is no YAML.");
        row("17 deep", repeated("[", 17) + repeated("]", 17), 1, "Values are nested more than 16 deep.");
        row("very deep", repeated("[", 100'000), 1, "");
        row("very deep by dashes", repeated("- ", 100'000), 1, "Values are nested more than 16 deep.");
        row("very deep by braces", repeated("{a: ", 100'000), 1, "");
        row("very deep by question marks", repeated("? ", 10'000), 1, "");
        row("too many values", "a: [" + repeated("1,", 20'000) + "]", 1, "The file has more than 20000 values.");
        row("2 MiB", "a: " + std::string(2U << 20, 'x') + "\n", 0, "The file has 2097156 bytes; at most 1048576 are read.");
    }

    void refusesWhatIsNotTheSubset()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QString, sentence);
        const yaml::Parsed parsed = yaml::parse(text.toStdString());
        QVERIFY(!parsed.root);
        if (line > 0)
            QCOMPARE(parsed.fault.line, line);
        QVERIFY2(shown(parsed.fault.sentence).startsWith(sentence), qPrintable(shown(parsed.fault.text())));
        QVERIFY(!parsed.fault.sentence.empty());
    }

    void whatIsWithinTheLimitsIsRead()
    {
        QVERIFY(yaml::parse(repeated("[", 16) + repeated("]", 16)).root);
        QVERIFY(yaml::parse("a: [" + repeated("1,", 19'900) + "]").root);
        QVERIFY(yaml::parse("a: " + std::string((1U << 20) - 4, 'x') + "\n").root);
        QVERIFY(yaml::parse("---\na: 1\n").root);
        QVERIFY(yaml::parse("---\na: 1\n...\n").root);
        QCOMPARE(yaml::parse("\"12\": \"! not a tag\"\n").root->find("12")->text, std::string("! not a tag"));
    }

    void aReaderOfMembersSaysEverythingAtOnce()
    {
        const yaml::Parsed parsed = yaml::parse("id: not an id\n"
                                                "quorum: two\n"
                                                "share: much\n"
                                                "flag: yes\n"
                                                "day: 2026-02-30\n"
                                                "ids: [a, a, b c]\n"
                                                "tiers: [3, 1, 4, 1]\n"
                                                "list: text\n"
                                                "lines: |\n"
                                                "  one\n"
                                                "  two\n"
                                                "quorom: 2\n");
        QVERIFY(parsed.root);
        std::vector<yaml::Fault> faults;
        yaml::MemberReader members(*parsed.root, "a test", faults);
        members.text("title");
        members.id("id");
        members.integer("quorum", 1, 9);
        members.realOrNone("share");
        members.flagOr("flag", false);
        members.dateOrNone("day");
        QCOMPARE(members.ids("ids"), std::vector<std::string>{"a"});
        QCOMPARE(members.integers("tiers", 1, 3), (std::vector<int>{1, 3}));
        QVERIFY(members.items("list").empty());
        members.textOr("lines");
        members.finish();
        const std::vector<std::string> expected{
            "line 1: `title` is missing; a test has one.",
            "line 1: `id` is to be an id of letters, digits, '.', '-' and '_', at most 64, it is \"not an id\".",
            "line 2: `quorum` is to be a whole number from 1 to 9, it is \"two\".",
            "line 3: `share` is to be a number, it is \"much\".",
            "line 4: `flag` is to be true or false, it is \"yes\".",
            "line 5: `day` is to be a day (2026-12-01), it is \"2026-02-30\".",
            "line 6: `ids` names \"a\" a second time.",
            "line 6: `ids` is to be a list of ids, it is \"b c\".",
            "line 7: `tiers` is to be a list of whole numbers from 1 to 3, it is \"4\".",
            "line 7: `tiers` names \"1\" a second time.",
            "line 8: `list` is to be a list, it is \"text\".",
            "line 9: `lines` is to be one line, or lines folded into one (\">\").",
            "line 12: \"quorom\" is not known here; a test has: title, id, quorum, share, flag, day, ids, tiers, list, lines.",
        };
        QCOMPARE(faults.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(shown(faults[i].text()), shown(expected[i]));
    }

    void aNumberInQuotesIsText()
    {
        const yaml::Parsed parsed = yaml::parse("n: \"2\"\nx: '0.5'\nflag: 'true'\nsame: 2\n");
        std::vector<yaml::Fault> faults;
        yaml::MemberReader members(*parsed.root, "a test", faults);
        members.integer("n", 1, 9);
        members.realOrNone("x");
        members.flagOr("flag", false);
        QVERIFY2(faults.size() == 3, qPrintable(shown(yaml::text(faults))));
        QCOMPARE(members.text("same"), std::string("2"));
    }

    void whatIsNoMappingIsSaidOnce()
    {
        const yaml::Parsed parsed = yaml::parse("- a\n");
        std::vector<yaml::Fault> faults;
        yaml::MemberReader members(*parsed.root, "a pack", faults);
        members.text("title");
        members.finish();
        QCOMPARE(faults.size(), std::size_t(1));
        QCOMPARE(faults[0].text(), std::string("line 1: Here is to be a pack, as a mapping of names to values; it is a list."));
    }
};

QTEST_APPLESS_MAIN(YamlTest)
#include "tst_yaml.moc"
