#include "models/ledger/ledgerfile.h"
#include "models/ledger/roster.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

#include <deque>
#include <random>

using namespace countersign;
using namespace countersign::ledger;

namespace {

/// A log as many people would write it who make every mistake that can be signed: each event is right or wrong by lot.
class RandomLog : public LogMaker
{
public:
    explicit RandomLog(std::uint64_t seed)
        : LogMaker(seed, policyOf(seed))
        , m_lot(seed)
    {
        m_keys.push_back({std::shared_ptr<const crypto::SigningKey>(&admin(), [](const auto *) {}), "p:admin", "none"});
        for (int i = 0; i < 30; ++i)
            appendSomething();
    }

    std::mt19937_64 &lot() { return m_lot; }
    std::size_t below(std::size_t n) { return m_lot() % n; }
    const std::map<Digest, Bytes> &evidence() const { return m_evidence; }

    Bytes file()
    {
        Bytes bytes;
        LedgerFileWriter writer([&bytes](BytesView more) -> Status {
            bytes += more;
            return {};
        });
        bool isGood = true;
        for (const auto &[digest, piece] : m_evidence)
            if (below(8) != 0)
                isGood = isGood && writer.addEvidence(digest, "text/plain", piece);
        for (const Bytes &entry : entries())
            isGood = isGood && writer.addEntry(entry);
        for (std::uint64_t size = 1 + below(9); size <= entries().size(); size += 1 + below(30))
            isGood = isGood && writer.addCheckpoint(size, noteOf(size));
        if (!isGood || !writer.finish())
            qFatal("the parts of a ledger file are out of order");
        return bytes;
    }

    Bytes someBundle()
    {
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t seq = 0; seq < entries().size(); ++seq)
            if (seq == 0 || below(3) != 0)
                numbers.push_back(seq);
        ProofBundle made = bundle(numbers, admin());
        made.checkpoint = noteOf(entries().size());
        for (const auto &[digest, piece] : m_evidence)
            if (below(2) != 0)
                made.evidence.push_back({digest, "text/plain", below(9) == 0 ? piece + "!" : piece});
        if (below(2) != 0) {
            const std::uint64_t size = 1 + below(entries().size());
            made.earlier = ProofBundle::Earlier{noteOf(size), consistencyProof(leaves(), size)};
        }
        return *encodeProof(made);
    }

private:
    struct Hand {
        std::shared_ptr<const crypto::SigningKey> key;
        std::string person;
        std::string device;
    };

    static json::Object policyOf(std::uint64_t seed)
    {
        return seed % 3 == 0 ? json::Object{{"administrators", 1}}
                             : signingPolicyBody({seed % 3 == 1, 2, "each-signature", 0});
    }

    std::string noteOf(std::uint64_t size)
    {
        const Hand &hand = m_keys[below(3) == 0 ? below(m_keys.size()) : 0];
        const Checkpoint checkpoint{
            checkpointOrigin(ledger()),
            {size, below(15) == 0 ? crypto::sha256("x") : rootOf(std::span(leaves()).first(size))}};
        std::string note = signCheckpoint(checkpoint, *hand.key);
        for (const Hand &other : m_keys)
            if (other.device != "none" && below(3) == 0)
                note = *cosign(note, cosignerName(ledger(), DeviceId::of(other.device)), *other.key,
                               fromMillis(1'795'500'000'000));
        return note;
    }

    std::string somebody() { return "p:" + std::to_string(below(4)); }
    std::string someRole()
    {
        return std::array<const char *, 4>{"administrator", "validator", "approver", "device"}[below(4)];
    }
    KeyId someKey() { return m_keys[below(m_keys.size())].key->id(); }
    const Hand &newHand(bool isDevice)
    {
        const std::string person = somebody();
        return m_keys.emplace_back(
            Hand{std::make_shared<const crypto::SigningKey>(newKey()), person, isDevice ? "d:" + std::to_string(below(3)) : std::string("none")});
    }
    Enrolment enrolment(const Hand &hand)
    {
        const bool isDevice = hand.device != "none";
        auto made = enrolmentOf(*hand.key, isDevice ? KeyClass::Device : KeyClass::Person,
                                isDevice ? hand.device : hand.person, "seen", ledger());
        if (below(12) == 0)
            made.possession = provePossession(admin(), made.owner, ledger());
        return made;
    }

    json::Object rolesBody()
    {
        json::Array roles;
        for (int i = 0; i < 2; ++i)
            roles.emplace_back(someRole());
        json::Object body{{"person", somebody()}, {"roles", std::move(roles)}};
        return below(20) == 0 ? json::Object{{"person", 7}} : body;
    }

    void appendSomething()
    {
        const Hand signer = m_keys[below(3) == 0 ? 0 : below(m_keys.size())];
        std::string kind;
        json::Object body;
        switch (below(12)) {
        case 0:
            kind = "person.add", body = rolesBody();
            break;
        case 1:
            kind = "person.roles", body = rolesBody();
            break;
        case 2:
            kind = below(2) != 0 ? "key.enroll" : "key.propose", body = enrolmentBody(enrolment(newHand(false)));
            break;
        case 3:
            kind = "key.enroll", body = enrolmentBody(enrolment(newHand(true)));
            break;
        case 4:
            kind = "key.confirm", body = confirmationBody({someKey(), "read aloud"});
            break;
        case 5: {
            const KeyId old = below(2) != 0 ? signer.key->id() : someKey();
            Hand next = newHand(false);
            next.person = below(4) != 0 ? signer.person : next.person;
            m_keys.back().person = next.person;
            kind = "key.rotate", body = rotationBody({old, enrolment(next)});
            break;
        }
        case 6:
            kind = "key.revoke";
            body = below(3) == 0 ? revocationBody({someKey(), below(entries().size() + 3), "lost"})
                                 : json::Object{{"key", someKey().text()}};
            break;
        case 7:
            kind = "policy.signing", body = below(5) == 0 ? json::Object{{"cosigners", "two"}}
                                                          : signingPolicyBody({below(2) == 0, 1, "series", 5});
            break;
        case 8:
            kind = below(5) == 0 ? "model.vanish" : "model.update", body = {{"model", "m:1"}};
            break;
        default:
            kind = "review.signoff", body = {{"version", "v:1"}};
        }
        const bool isDevice = signer.device != "none";
        Event event = eventBy(*signer.key, kind, std::move(body), below(15) == 0 ? somebody() : signer.person,
                              isDevice        ? "device"
                              : below(4) == 0 ? someRole()
                                              : "administrator");
        event.actor.device = isDevice ? signer.device : below(5) == 0 ? "d:1" : "none";
        if (below(12) == 0)
            event.time -= std::chrono::minutes(10);
        if (below(4) == 0) {
            const std::uint64_t size = below(entries().size() + 1);
            event.seen = {size, below(8) == 0 ? crypto::sha256("x") : rootOf(std::span(leaves()).first(size))};
        }
        if (below(6) == 0)
            event.expects = Expectation{"m:1", below(2) == 0 ? std::string() : m_lastModelEvent};
        if (below(4) == 0) {
            const Bytes piece = "piece " + std::to_string(below(5));
            event.evidence = crypto::sha256(piece);
            m_evidence[*event.evidence] = piece;
        }
        if (below(40) == 0)
            event.id = m_lastId;
        if (below(60) == 0)
            event.ledger = LedgerId::of("other");
        m_lastId = event.id;
        if (kind.starts_with("model."))
            m_lastModelEvent = "e:" + event.id;
        auto sealed = decodeEntry(*seal(event, below(25) == 0 ? admin() : *signer.key));
        if (below(20) == 0)
            sealed->signatures.push_back({crypto::keyDigest(admin().publicKey()),
                                          admin().sign(preAuthenticationEncoding(kEventType, sealed->payload))});
        if (below(25) == 0)
            sealed->signatures.front().signature = admin().sign("something else");
        appendBytes(encodeEntry(*sealed));
    }

    std::mt19937_64 m_lot;
    std::deque<Hand> m_keys;
    std::map<Digest, Bytes> m_evidence;
    std::string m_lastId = "00000000-0000-4000-8000-000000000000";
    std::string m_lastModelEvent;
};

/// One change as damage or a forger makes it.
Bytes mutated(Bytes bytes, std::mt19937_64 &lot)
{
    const std::size_t at = lot() % bytes.size();
    switch (lot() % 5) {
    case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << lot() % 8);
        break;
    case 1:
        bytes.erase(at, 1 + lot() % 4);
        break;
    case 2:
        bytes.insert(at, 1, "{}[]\",:0 \n\\x"[lot() % 12]);
        break;
    case 3:
        bytes[at] = "0123456789abcdefAZ+/="[lot() % 21];
        break;
    default:
        bytes.insert(at, bytes.substr(lot() % bytes.size(), lot() % 40));
    }
    return bytes;
}

/// "invalid: 0 valid 0; 3 invalid 7 …" for each file; an empty list says that there was no answer.
QStringList verdictsBy(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(-1);
    QStringList lines;
    const auto document = json::parse(process.readAllStandardOutput().toStdString(),
                                      {.depth = 64, .bytes = std::size_t(1) << 30, .members = 100'000'000});
    const json::Value *files = document ? document->find("files") : nullptr;
    for (const json::Value &file : files && files->array() ? *files->array() : json::Array()) {
        QString line = QString::fromStdString(file.textOr("worst", {})) + QLatin1Char(':');
        const json::Value *verdicts = file.find("verdicts");
        for (const json::Value &verdict : verdicts && verdicts->array() ? *verdicts->array() : json::Array())
            line += QStringLiteral(" %1 %2 %3;")
                        .arg(verdict.integerOr("seq", -1))
                        .arg(QString::fromStdString(verdict.textOr("state", {})))
                        .arg(verdict.integerOr("step", -1));
        lines << line;
    }
    return lines;
}

} // namespace

class IndependentTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    void compare(const std::vector<Bytes> &files)
    {
        QStringList names;
        for (const Bytes &bytes : files) {
            names << m_folder.filePath(QStringLiteral("file%1").arg(names.size()));
            QFile file(names.back());
            QVERIFY(file.open(QIODevice::WriteOnly) &&
                    file.write(bytes.data(), qint64(bytes.size())) == qint64(bytes.size()));
        }
        const QStringList ours = verdictsBy(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-verify"),
                                            QStringList{QStringLiteral("--json")} + names);
        const QStringList theirs = verdictsBy(QStringLiteral("/usr/bin/python3"),
                                              QStringList{QStringLiteral(COUNTERSIGN_SECOND_VERIFIER)} + names);
        QCOMPARE(ours.size(), names.size());
        QCOMPARE(theirs.size(), names.size());
        for (qsizetype i = 0; i < names.size(); ++i)
            if (ours[i] != theirs[i])
                QFAIL(qPrintable(
                    QStringLiteral("They differ about %1:\n%2\n%3").arg(keep(names[i]), ours[i], theirs[i])));
    }

    /// Where the file stays for whoever looks into it.
    static QString keep(const QString &file)
    {
        const QString kept = QDir::temp().filePath(QStringLiteral("countersign-disagreement"));
        QFile::remove(kept);
        QFile::copy(file, kept);
        return kept;
    }

private Q_SLOTS:
    void theyAgreeAboutLogsFullOfMistakes()
    {
        std::vector<Bytes> files;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            RandomLog log(seed);
            files.push_back(log.file());
            files.push_back(log.someBundle());
        }
        compare(files);
    }

    void theyAgreeAboutDamage()
    {
        const int total = std::max(1, qEnvironmentVariableIntValue("COUNTERSIGN_MUTATIONS")
                                          ? qEnvironmentVariableIntValue("COUNTERSIGN_MUTATIONS")
                                          : 500);
        constexpr int atOnce = 500;
        for (int done = 0; done < total; done += atOnce) {
            RandomLog log(std::uint64_t(1000 + done));
            std::vector<Bytes> files;
            for (int i = 0; i < std::min(atOnce, total - done); ++i)
                files.push_back(mutated(i % 2 == 0 ? log.someBundle() : log.file(), log.lot()));
            compare(files);
            if (QTest::currentTestFailed())
                return;
        }
    }
};

QTEST_APPLESS_MAIN(IndependentTest)
#include "tst_independent.moc"
