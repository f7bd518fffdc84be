#pragma once

#include "models/ledger/ledgerfile.h"
#include "models/ledger/roster.h"
#include "tests/independent/mutations.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

#include <deque>

namespace countersign::ledger {

/// A log as many people would write it who make every mistake that can be signed: each event is right or wrong by lot.
/// `oddity`: one of so many entries is signed over a payload with an edit that no program of ours would make; 0 for
/// none. A careful log makes few mistakes.
class RandomLog : public LogMaker
{
public:
    explicit RandomLog(std::uint64_t seed, int size = 30, std::size_t oddity = 0, bool isCareful = false)
        : LogMaker(seed, policyOf(seed))
        , m_lot(seed)
        , m_oddity(oddity)
        , m_isCareful(isCareful)
    {
        m_keys.push_back({std::shared_ptr<const crypto::SigningKey>(&admin(), [](const auto *) {}), "p:admin", "none"});
        for (int i = 0; i < size; ++i)
            appendSomething();
    }

    Lot &lot() { return m_lot; }
    std::size_t below(std::size_t n) { return m_lot.below(n); }
    const std::map<Digest, Bytes> &evidence() const { return m_evidence; }

    /// A checkpoint by one of its keys, mostly an honest one, with some cosignatures.
    std::string noteOf(std::uint64_t size)
    {
        const Hand &hand = m_keys[slips(3) ? below(m_keys.size()) : 0];
        const Checkpoint checkpoint{checkpointOrigin(ledger()),
                                    {size, slips(15) ? crypto::sha256("x") : rootOf(std::span(leaves()).first(size))}};
        std::string note = signCheckpoint(checkpoint, *hand.key);
        for (const Hand &other : m_keys)
            if (other.device != "none" && below(3) == 0)
                note = *cosign(note, cosignerName(ledger(), DeviceId::of(other.device)), *other.key,
                               fromMillis(1'795'500'000'000));
        if (slips(20)) { // a line that was signed under another note
            const std::string line =
                *cosign(signCheckpoint({checkpoint.origin, {7, {}}}, admin()), checkpoint.origin + "/1",
                        *m_keys[below(m_keys.size())].key, fromMillis(1));
            note += line.substr(line.rfind("\u2014 "));
        }
        return note;
    }

    Bytes file()
    {
        Bytes bytes;
        LedgerFileWriter writer([&bytes](BytesView more) -> Status {
            bytes += more;
            return {};
        });
        bool isGood = true;
        for (const auto &[digest, piece] : m_evidence)
            if (!slips(8))
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
                made.evidence.push_back({digest, "text/plain", slips(9) ? piece + "!" : piece});
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

    bool slips(std::size_t n) { return below(n) == 0 && (!m_isCareful || below(20) == 0); }
    std::string somebody() { return "p:" + std::to_string(below(4)); }
    std::string someRole()
    {
        return std::array<const char *, 4>{"administrator", "validator", "approver", "device"}[below(4)];
    }
    KeyId someKey() { return m_keys[below(m_keys.size())].key->id(); }
    const Hand &newHand(bool isDevice)
    {
        const std::string person = somebody();
        return m_keys.emplace_back(Hand{std::make_shared<const crypto::SigningKey>(newKey()), person,
                                        isDevice ? "d:" + std::to_string(below(3)) : std::string("none")});
    }
    Enrolment enrolment(const Hand &hand)
    {
        const bool isDevice = hand.device != "none";
        auto made = enrolmentOf(*hand.key, isDevice ? KeyClass::Device : KeyClass::Person,
                                isDevice ? hand.device : hand.person, "seen", ledger());
        if (slips(12))
            made.possession = provePossession(admin(), made.owner, ledger());
        return made;
    }

    json::Object rolesBody()
    {
        json::Array roles;
        for (int i = 0; i < 2; ++i)
            roles.emplace_back(someRole());
        json::Object body{{"person", somebody()}, {"roles", std::move(roles)}};
        return slips(20) ? json::Object{{"person", 7}} : body;
    }

    void appendSomething()
    {
        const Hand signer = m_keys[(m_isCareful ? !slips(2) : below(3) == 0) ? 0 : below(m_keys.size())];
        std::string kind;
        json::Object body;
        static constexpr std::array<std::size_t, 12> soundKinds{3,  6,  8,  8,  9,  9,
                                                                10, 10, 10, 10, 10, 10}; // whatever was before
        switch (m_isCareful && !slips(2) ? soundKinds[below(soundKinds.size())] : below(12)) {
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
            const KeyId old = !slips(2) ? signer.key->id() : someKey();
            Hand next = newHand(false);
            next.person = !slips(4) ? signer.person : next.person;
            m_keys.back().person = next.person;
            kind = "key.rotate", body = rotationBody({old, enrolment(next)});
            break;
        }
        case 6:
            kind = "key.revoke";
            if (slips(2))
                body = {{"key", someKey().text()}};
            else // the newest key, which some entries of a careful log are signed by
                body = revocationBody(
                    {m_isCareful ? m_keys.back().key->id() : someKey(), below(entries().size() + 3), "lost"});
            break;
        case 7:
            kind = "policy.signing",
            body = slips(5) ? json::Object{{"cosigners", "two"}} : signingPolicyBody({below(2) == 0, 1, "series", 5});
            break;
        case 8:
            kind = slips(5) ? "model.vanish" : "model.update", body = {{"model", "m:1"}};
            break;
        case 9:
            kind = "report.issue", body = {{"version", "v:1"}};
            break;
        default:
            kind = "review.signoff", body = {{"version", "v:1"}};
        }
        const bool isDevice = signer.device != "none";
        Event event = eventBy(*signer.key, kind, std::move(body), slips(15) ? somebody() : signer.person,
                              isDevice   ? "device"
                              : slips(4) ? someRole()
                                         : "administrator");
        event.actor.device = isDevice ? signer.device : below(5) == 0 ? "d:1" : "none";
        if (slips(12))
            event.time -= std::chrono::minutes(10);
        if (below(4) == 0) {
            const std::uint64_t size = below(entries().size() + 1);
            event.seen = {size, slips(8) ? crypto::sha256("x") : rootOf(std::span(leaves()).first(size))};
        }
        if (slips(6))
            event.expects = Expectation{"m:1", below(2) == 0 ? std::string() : m_lastModelEvent};
        if (below(4) == 0) {
            const Bytes piece = "piece " + std::to_string(below(5));
            event.evidence = crypto::sha256(piece);
            m_evidence[*event.evidence] = piece;
        }
        if (slips(40))
            event.id = m_lastId;
        if (slips(60))
            event.ledger = LedgerId::of("other");
        m_lastId = event.id;
        if (kind.starts_with("model."))
            m_lastModelEvent = "e:" + event.id;
        const crypto::SigningKey &hand = slips(25) ? admin() : *signer.key;
        Entry entry{*encodeEvent(event), {}};
        if (m_oddity != 0 && below(m_oddity) == 0)
            entry.payload = editedJson(entry.payload, m_lot);
        const Bytes message = preAuthenticationEncoding(kEventType, entry.payload);
        entry.signatures.push_back({crypto::keyDigest(hand.publicKey()), hand.sign(message)});
        if (slips(20))
            entry.signatures.push_back({crypto::keyDigest(admin().publicKey()), admin().sign(message)});
        if (slips(25))
            entry.signatures.front().signature = admin().sign("something else");
        appendBytes(encodeEntry(entry));
    }

    Lot m_lot;
    std::size_t m_oddity;
    bool m_isCareful;
    std::deque<Hand> m_keys;
    std::map<Digest, Bytes> m_evidence;
    std::string m_lastId = "00000000-0000-4000-8000-000000000000";
    std::string m_lastModelEvent;
};

} // namespace countersign::ledger
