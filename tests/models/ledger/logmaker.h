#pragma once

#include "models/crypto/sha256.h"
#include "models/ledger/checkpoint.h"
#include "models/ledger/entry.h"
#include "models/ledger/keys.h"
#include "models/ledger/merkle.h"
#include "models/ledger/proof.h"

#include <string>
#include <vector>

/// A log made entry by entry, with real keys, the same bytes every time. Every default of an event is right; a test changes what it is about.
namespace countersign::ledger {

class LogMaker
{
public:
    explicit LogMaker(std::uint64_t seed = 1, json::Object policy = {{"rules", 1}}) : m_randomness(seed), m_admin(crypto::SigningKey::generate(m_randomness))
    {
        Event event = eventBy(m_admin, "ledger.genesis", {}, "p:admin", "administrator");
        event.body = genesisBody({"Test workspace", true, "p:admin", "Ada Admin", "ada", {"administrator"}, m_admin.publicKey(),
                                  provePossession(m_admin, "p:admin", {}), std::move(policy)});
        append(event, m_admin);
        m_ledger = LedgerId::of(m_leaves[0].hex());
    }

    const crypto::SigningKey &admin() const { return m_admin; }
    crypto::SigningKey newKey() { return crypto::SigningKey::generate(m_randomness); }
    Randomness &randomness() { return m_randomness; }
    const LedgerId &ledger() const { return m_ledger; }
    const std::vector<Bytes> &entries() const { return m_entries; }
    std::vector<Bytes> &entries() { return m_entries; }
    const std::vector<Digest> &leaves() const { return m_leaves; }
    TreeHead head() const { return {m_leaves.size(), m_tree.root()}; }

    /// An event over everything so far, one second after the one before.
    Event eventBy(const crypto::SigningKey &key, const std::string &kind, json::Object body, const std::string &person, const std::string &role)
    {
        Event event;
        event.id = m_randomness.uuid();
        event.kind = kind;
        event.ledger = m_ledger;
        event.actor = {"none", key.id(), "Somebody", PersonId::of(person), role};
        event.time = fromMillis(1'795'500'000'000 + static_cast<std::int64_t>(m_leaves.size()) * 1000);
        event.utcOffsetMinutes = 60;
        event.seen = head();
        event.body = std::move(body);
        event.appVersion = "0.1.0";
        event.appBuild = "unknown";
        return event;
    }
    Event event(const std::string &kind, json::Object body = {}) { return eventBy(m_admin, kind, std::move(body), "p:admin", "administrator"); }

    std::uint64_t append(const Event &event, const crypto::SigningKey &key)
    {
        const auto bytes = seal(event, key);
        if (!bytes)
            qFatal("%s", bytes.error().text().c_str());
        return appendBytes(*bytes);
    }
    std::uint64_t append(const Event &event) { return append(event, m_admin); }
    std::uint64_t append(const std::string &kind, json::Object body = {}) { return append(event(kind, std::move(body))); }
    std::uint64_t appendBytes(Bytes bytes)
    {
        m_leaves.push_back(leafHash(bytes));
        m_tree.append(m_leaves.back());
        m_entries.push_back(std::move(bytes));
        return m_entries.size() - 1;
    }

    std::uint64_t enrol(const crypto::SigningKey &key, const std::string &owner, KeyClass keyClass = KeyClass::Person)
    {
        return append("key.enroll", enrolmentBody(enrolmentOf(key, keyClass, owner, "passport seen", m_ledger)));
    }

    std::uint64_t addPerson(const std::string &person, const std::string &role)
    {
        return append("person.add", {{"login", person.substr(2)}, {"name", "Somebody"}, {"person", person}, {"roles", json::Array{role}}});
    }

    ProofBundle bundle(const std::vector<std::uint64_t> &numbers, const crypto::SigningKey &checkpointKey) const
    {
        ProofBundle bundle;
        bundle.ledger = m_ledger;
        bundle.checkpoint = signCheckpoint({checkpointOrigin(m_ledger), head()}, checkpointKey);
        for (const std::uint64_t seq : numbers)
            bundle.items.push_back({seq, m_entries[seq], inclusionProof(m_leaves, seq)});
        return bundle;
    }

private:
    SeededRandomness m_randomness;
    crypto::SigningKey m_admin;
    LedgerId m_ledger;
    std::vector<Bytes> m_entries;
    std::vector<Digest> m_leaves;
    CompactTree m_tree;
};

} // namespace countersign::ledger
