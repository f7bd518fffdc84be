#include "models/release/release.h"

#include "models/base/members.h"
#include "models/base/text.h"

#include <algorithm>

namespace countersign::release {

namespace {

constexpr std::string_view kTrustSchema = "countersign.trust/1";
constexpr std::size_t kMaxTrust = 8U << 20;

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

std::string plain(const std::string &escaped)
{
    const auto text = text::unescape(escaped);
    return text ? *text : escaped;
}

/// An entry of the token that was judged, decoded.
struct Shown {
    ledger::Event event;
    std::vector<ledger::EntrySignature> signatures;
};

std::map<std::uint64_t, Shown> shownEntries(const ledger::ProofBundle &bundle)
{
    std::map<std::uint64_t, Shown> shown;
    for (const auto &item : bundle.items) {
        const auto entry = ledger::decodeEntry(item.entry);
        const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
        if (event)
            shown.emplace(item.seq, Shown{*event, entry->signatures});
    }
    return shown;
}

/// Looks at a token once, and notes what it finds.
class TokenJudge
{
public:
    TokenJudge(const Trust &trust, const Question &question) : m_trust(trust), m_question(question) {}

    Decision judge(BytesView token)
    {
        const auto bundle = ledger::decodeProof(token);
        if (!bundle)
            return broken("The token cannot be read: " + bundle.error().message);
        const ledger::ProofReport report = ledger::verifyProof(*bundle);
        if (report.worst < ledger::EntryState::Flagged || !report.problems.empty())
            return broken("The token does not hold: " + (report.problems.empty() ? std::string(ledger::entryStateWord(report.worst)) : report.problems.front()));
        note(true, "The proofs hold: entries, signatures, and the tree of " + std::to_string(report.head.size) + " entries.");
        m_shown = shownEntries(*bundle);
        note(bundle->ledger == m_trust.ledger, bundle->ledger == m_trust.ledger ? "It is of the workspace " + m_trust.origin + "."
                                                                                 : "It is of another workspace than the trusted one, " + m_trust.origin + ".");
        const Shown *issued = nullptr;
        for (const auto &[seq, entry] : m_shown)
            if (entry.event.kind == "release.issue") {
                if (issued)
                    return broken("The token holds more than one release.");
                issued = &entry;
            }
        if (!issued)
            return broken("The token issues no release.");
        auto release = readRelease(issued->event.body);
        if (!release)
            return broken("The release cannot be read: " + release.error().message);
        m_decision.release = std::move(*release);
        m_decision.issuedBy = plain(issued->event.actor.name);
        look(*m_decision.release, *issued);
        return std::move(m_decision);
    }

private:
    void note(bool isMet, std::string sentence) { m_decision.checks.push_back({isMet, std::move(sentence)}); }
    Decision broken(std::string sentence)
    {
        m_decision.isIntact = false;
        note(false, std::move(sentence));
        return std::move(m_decision);
    }

    void look(const Release &release, const Shown &issued)
    {
        note(isTrusted(issued), isTrusted(issued) ? "Issued by " + m_decision.issuedBy + ", whose key is trusted." : "The key of " + m_decision.issuedBy + ", who issued it, is not trusted.");
        for (const std::uint64_t seq : release.approvals)
            approval(release, seq);
        if (release.approvals.empty())
            note(false, "It rests on no approval.");
        const bool isInTime = m_question.now < release.expires;
        note(isInTime, (isInTime ? "It holds until " : "It ran out on ") + formatUtc(release.expires) + ".");
        const auto revoked = m_trust.revoked.find(release.id);
        note(revoked == m_trust.revoked.end(), revoked == m_trust.revoked.end() ? "It was not revoked by " + formatUtc(m_trust.exportedAt) + ", when the trusted keys were exported."
                                                                                  : "It was revoked: " + revoked->second);
        if (m_question.maxTrustDays) {
            const bool isFresh = m_question.now - m_trust.exportedAt < std::chrono::days(*m_question.maxTrustDays);
            note(isFresh, "The trusted keys were exported on " + formatDate(m_trust.exportedAt) + (isFresh ? "." : ", which is too long ago."));
        }
        if (!m_question.artifact)
            return;
        const auto file = std::ranges::find(release.files, *m_question.artifact, &ReleasedFile::digest);
        note(file != release.files.end(), file != release.files.end() ? "The file is the released " + text::visible(file->name) + "."
                                                                        : "The file is none of those that were released: " + m_question.artifact->text() + ".");
    }

    void approval(const Release &release, std::uint64_t seq)
    {
        const auto found = m_shown.find(seq);
        const bool isApproval = found != m_shown.end() && found->second.event.kind == "review.signoff" && json::Value(found->second.event.body).textOr("version", {}) == release.version.text()
            && json::Value(found->second.event.body).textOr("decision", {}) == "approve";
        if (!isApproval)
            return note(false, "Entry " + std::to_string(seq) + " is no approval of this version.");
        const ledger::Event &event = found->second.event;
        const std::string who = plain(event.actor.name) + " (" + event.actor.role + ", " + formatDate(event.time) + ")";
        note(isTrusted(found->second), isTrusted(found->second) ? "Approved by " + who + "." : "The key of " + who + ", who approved, is not trusted.");
    }

    bool isTrusted(const Shown &entry) const
    {
        return std::ranges::any_of(entry.signatures, [&](const ledger::EntrySignature &signature) {
            return std::ranges::any_of(m_trust.keys, [&](const auto &key) { return key.key == signature.key && key.person == entry.event.actor.person.text(); });
        });
    }

    const Trust &m_trust;
    const Question &m_question;
    std::map<std::uint64_t, Shown> m_shown;
    Decision m_decision;
};

} // namespace

json::Object releaseBody(const Release &release)
{
    json::Array files;
    for (const ReleasedFile &file : release.files)
        files.emplace_back(json::Object{{"digest", file.digest.text()}, {"name", json::textValue(file.name)}, {"size", file.size}});
    json::Array approvals;
    for (const std::uint64_t seq : release.approvals)
        approvals.emplace_back(static_cast<std::int64_t>(seq));
    return {{"approvals", json::Value(std::move(approvals))}, {"artifacts", json::Value(std::move(files))}, {"expires", json::timeValue(release.expires)},
            {"gate", release.gate.text()}, {"label", json::textValue(release.versionLabel)}, {"model", release.model.text()}, {"name", json::textValue(release.modelName)},
            {"release", release.id.text()}, {"sentence", json::textValue(release.sentence)}, {"version", release.version.text()}};
}

Result<Release> readRelease(const json::Object &body)
{
    const json::MemberReader members(body);
    Release release;
    const auto id = ReleaseId::parse(members.text("release"));
    const auto model = ModelId::parse(members.text("model"));
    const auto version = VersionId::parse(members.text("version"));
    const auto gate = Digest::parse(members.text("gate"));
    if (!id || !model || !version || !gate)
        return !id ? id.error() : !model ? model.error() : !version ? version.error() : gate.error();
    release.id = *id;
    release.model = *model;
    release.version = *version;
    release.gate = *gate;
    release.modelName = members.text("name");
    release.versionLabel = members.text("label");
    release.expires = members.time("expires");
    release.sentence = members.text("sentence");
    const json::Value *files = members.find("artifacts");
    const json::Value *approvals = members.find("approvals");
    if (!files || !files->array() || !approvals || !approvals->array())
        return invalid("A release needs lists of files and approvals.");
    for (const json::Value &value : *files->array()) {
        if (!value.object())
            return invalid("A released file is a document.");
        const json::MemberReader file(*value.object());
        const auto digest = Digest::parse(file.text("digest"));
        if (!digest)
            return digest.error();
        release.files.push_back({file.text("name"), *digest, file.integer("size")});
        if (file.failure())
            return *file.failure();
    }
    for (const json::Value &value : *approvals->array()) {
        if (!value.integer() || *value.integer() < 0)
            return invalid("An approval is the number of an entry.");
        release.approvals.push_back(static_cast<std::uint64_t>(*value.integer()));
    }
    if (members.failure())
        return *members.failure();
    return release;
}

Result<Bytes> encodeTrust(const Trust &trust)
{
    json::Array keys;
    for (const auto &key : trust.keys)
        keys.emplace_back(json::Object{{"key", KeyId::of(key.key.hex()).text()}, {"name", json::textValue(key.name)}, {"person", key.person}});
    json::Array revoked;
    for (const auto &[release, reason] : trust.revoked)
        revoked.emplace_back(json::Object{{"reason", json::textValue(reason)}, {"release", release.text()}});
    return json::writeRestricted(json::Value(json::Object{{"exportedAt", json::timeValue(trust.exportedAt)}, {"keys", json::Value(std::move(keys))}, {"ledger", trust.ledger.text()},
                                                          {"origin", json::textValue(trust.origin)}, {"revoked", json::Value(std::move(revoked))}, {"schema", std::string(kTrustSchema)},
                                                          {"size", static_cast<std::int64_t>(trust.size)}}));
}

Result<Trust> decodeTrust(BytesView bytes)
{
    const auto document = json::readRestricted(bytes, kMaxTrust);
    if (!document)
        return document.error();
    if (!document->object() || document->textOr("schema", {}) != kTrustSchema)
        return invalid("That is no file of trusted keys of this program (" + std::string(kTrustSchema) + ").");
    const json::MemberReader members(*document->object());
    Trust trust;
    const auto ledger = LedgerId::parse(members.text("ledger"));
    if (!ledger)
        return ledger.error();
    trust.ledger = *ledger;
    trust.origin = members.text("origin");
    trust.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, members.integer("size")));
    trust.exportedAt = members.time("exportedAt");
    const json::Value *keys = members.find("keys");
    const json::Value *revoked = members.find("revoked");
    if (!keys || !keys->array() || !revoked || !revoked->array())
        return invalid("A file of trusted keys lists keys and what was revoked.");
    for (const json::Value &value : *keys->array()) {
        if (!value.object())
            return invalid("A trusted key is a document.");
        const json::MemberReader key(*value.object());
        const auto id = KeyId::parse(key.text("key"));
        const auto digest = id ? Digest::parse("sha256:" + id->text().substr(2)) : Result<Digest>(id.error());
        if (!digest)
            return digest.error();
        trust.keys.push_back({*digest, key.text("person"), key.text("name")});
        if (key.failure())
            return *key.failure();
    }
    for (const json::Value &value : *revoked->array()) {
        if (!value.object())
            return invalid("A revoked release is a document.");
        const json::MemberReader one(*value.object());
        const auto id = ReleaseId::parse(one.text("release"));
        if (!id)
            return id.error();
        trust.revoked[*id] = one.text("reason");
        if (one.failure())
            return *one.failure();
    }
    if (members.failure())
        return *members.failure();
    return trust;
}

bool Decision::isOpen() const
{
    return isIntact && release && !checks.empty() && std::ranges::all_of(checks, &Check::isMet);
}

Decision decide(BytesView token, const Trust &trust, const Question &question) { return TokenJudge(trust, question).judge(token); }

} // namespace countersign::release
