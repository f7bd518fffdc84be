#include "models/ledger/event.h"

#include "models/crypto/sha256.h"

#include <algorithm>
#include <array>

namespace countersign::ledger {

namespace {

constexpr std::string_view kGenesisLedger = "l:genesis";
constexpr std::string_view kGenesisKind = "ledger.genesis";
constexpr std::size_t kLargestPayload = 256U << 10;
constexpr Instant kEarliest{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}}; // there is no year 0 for many who read this

Error invalid(const std::string &what) { return {ErrorKind::Invalid, what, {}}; }

bool isUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool isHyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (isHyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

/// Words of lower-case letters and underscores, joined by dots.
bool isKind(std::string_view text)
{
    char before = '.';
    bool hasDot = false;
    for (const char c : text) {
        if (c == '.' ? before == '.' : !((c >= 'a' && c <= 'z') || c == '_'))
            return false;
        hasDot = hasDot || c == '.';
        before = c;
    }
    return hasDot && before != '.' && text.size() <= 64;
}

bool isRole(std::string_view text)
{
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

/// Takes the members of one object by name and knows whether any was left over. The first failure is kept.
class Members
{
public:
    Members(const json::Value *value, const char *name) : m_object(value ? value->object() : nullptr), m_name(name)
    {
        if (!m_object)
            fail("is not an object");
    }

    const json::Value *take(std::string_view key)
    {
        const json::Value *value = m_object ? m_object->find(key) : nullptr;
        m_taken += value ? 1 : 0;
        return value;
    }
    std::string text(std::string_view key)
    {
        const json::Value *value = take(key);
        if (value && value->string())
            return *value->string();
        fail("lacks the text \"" + std::string(key) + "\"");
        return {};
    }
    std::int64_t integer(std::string_view key)
    {
        const json::Value *value = take(key);
        const auto number = value ? value->integer() : Result<std::int64_t>(Error{});
        if (number)
            return *number;
        fail("lacks the whole number \"" + std::string(key) + "\"");
        return 0;
    }
    void require(bool isRight, const char *what)
    {
        if (!isRight)
            fail(what);
    }
    /// No value when everything was right and nothing was left over.
    std::optional<Error> finish()
    {
        if (!m_error && m_object && m_taken != m_object->size())
            fail("has members that version 1 does not know");
        return m_error;
    }

private:
    void fail(const std::string &what)
    {
        if (!m_error)
            m_error = invalid(std::string("The event's ") + m_name + " " + what + ".");
    }

    const json::Object *m_object;
    const char *m_name;
    std::size_t m_taken = 0;
    std::optional<Error> m_error;
};

template<class Identifier>
Identifier parsed(Members &members, const std::string &text, const char *problem)
{
    const auto id = Identifier::parse(text);
    members.require(id.ok(), problem);
    return id ? *id : Identifier();
}

std::optional<Error> readActor(const json::Value *value, Actor &actor)
{
    Members members(value, "actor");
    actor.device = members.text("device");
    actor.key = parsed<KeyId>(members, members.text("key"), "has a malformed key id");
    actor.name = members.text("name");
    const std::string person = members.text("person");
    actor.role = members.text("role");
    members.require(actor.device == "none" || DeviceId::parse(actor.device).ok(), "has a malformed device id");
    members.require(isRole(actor.role), "has a malformed role");
    if (!person.empty() || actor.role != "device")
        actor.person = parsed<PersonId>(members, person, "has a malformed person id");
    return members.finish();
}

std::optional<Error> readSeen(const json::Value *value, TreeHead &seen)
{
    Members members(value, "seen");
    const auto root = fromBase64(members.text("root"));
    const std::int64_t size = members.integer("size");
    const auto digest = root ? Digest::fromBytes(*root) : Result<Digest>(Error{});
    members.require(digest.ok(), "root is not 32 bytes in base64");
    members.require(size >= 0, "size is negative");
    seen = {static_cast<std::uint64_t>(size), digest ? *digest : Digest()};
    return members.finish();
}

std::optional<Error> readTime(const json::Value *value, Event &event)
{
    Members members(value, "time");
    const auto offset = parseOffset(members.text("tz"));
    const auto time = parseUtc(members.text("utc"));
    members.require(offset.ok() && time.ok() && *time >= kEarliest, "is not a time with its zone");
    event.utcOffsetMinutes = offset ? *offset : 0;
    event.time = time ? *time : Instant();
    return members.finish();
}

std::optional<Error> readApp(const json::Value *value, Event &event)
{
    Members members(value, "app");
    event.appBuild = members.text("build");
    event.appVersion = members.text("version");
    return members.finish();
}

std::optional<Error> readExpects(const json::Value *value, Expectation &expects)
{
    Members members(value, "expects");
    expects.head = members.text("head");
    expects.subject = members.text("subject");
    members.require(expects.head.empty() || (expects.head.starts_with("e:") && isUuid(std::string_view(expects.head).substr(2))),
                    "head is not an event id");
    members.require(!expects.subject.empty(), "subject is empty");
    return members.finish();
}

Result<Event> readEvent(json::Value &payload)
{
    Event event;
    Members members(&payload, "payload");
    event.version = static_cast<int>(std::clamp<std::int64_t>(members.integer("v"), 0, 1'000'000));
    if (event.version > 1)
        return Error{ErrorKind::Unsupported, "The event was written by a newer version of Countersign.", {}};
    members.require(event.version == 1, "version is not a positive number");
    event.id = members.text("id");
    members.require(isUuid(event.id), "id is not a UUID");
    event.kind = members.text("kind");
    members.require(isKind(event.kind), "kind is malformed");
    const std::string ledger = members.text("ledger");
    if (event.kind == kGenesisKind)
        members.require(ledger == kGenesisLedger, "ledger is not that of a genesis event");
    else
        event.ledger = parsed<LedgerId>(members, ledger == kGenesisLedger ? std::string() : ledger, "ledger id is malformed");
    if (const json::Value *evidence = members.take("evidence")) {
        const auto digest = Digest::parse(evidence->string() ? *evidence->string() : std::string());
        members.require(digest.ok(), "evidence is not a digest");
        event.evidence = digest ? *digest : Digest();
    }
    std::optional<Error> error;
    const auto keep = [&error](std::optional<Error> found) {
        if (!error)
            error = std::move(found);
    };
    if (const json::Value *expects = members.take("expects"))
        keep(readExpects(expects, event.expects.emplace()));
    keep(readActor(members.take("actor"), event.actor));
    keep(readSeen(members.take("seen"), event.seen));
    keep(readTime(members.take("time"), event));
    keep(readApp(members.take("app"), event));
    const json::Value *body = members.take("body");
    members.require(body && body->object(), "body is not an object");
    keep(members.finish());
    if (error)
        return *error;
    for (const json::Member &member : payload.object()->members())
        if (&member.second == body)
            event.body = std::move(*const_cast<json::Value &>(member.second).object()); // `payload` is ours to take apart
    return event;
}

json::Object written(const Event &event)
{
    const bool isGenesis = event.kind == kGenesisKind;
    json::Object payload{
        {"actor", json::Object{{"device", event.actor.device}, {"key", event.actor.key.text()}, {"name", event.actor.name},
                               {"person", event.actor.person.text()}, {"role", event.actor.role}}},
        {"app", json::Object{{"build", event.appBuild}, {"version", event.appVersion}}},
        {"body", event.body},
    };
    if (event.evidence)
        payload.set("evidence", event.evidence->text());
    if (event.expects)
        payload.set("expects", json::Object{{"head", event.expects->head}, {"subject", event.expects->subject}});
    payload.set("id", event.id);
    payload.set("kind", event.kind);
    payload.set("ledger", isGenesis && event.ledger.isEmpty() ? std::string(kGenesisLedger) : event.ledger.text());
    payload.set("seen", json::Object{{"root", toBase64(event.seen.root.view())}, {"size", event.seen.size}});
    payload.set("time", json::Object{{"tz", formatOffset(event.utcOffsetMinutes)}, {"utc", formatUtc(event.time)}});
    payload.set("v", event.version);
    return payload;
}

} // namespace

Result<Bytes> encodeEvent(const Event &event)
{
    auto bytes = json::writeRestricted(written(event));
    if (!bytes)
        return bytes.error().in("event " + event.kind);
    if (bytes->size() > kLargestPayload)
        return invalid("The event is larger than 256 KiB. Store the large part as evidence and name its digest.");
    // Read back, so that nothing is ever signed that no verifier would read.
    if (const auto read = decodeEvent(*bytes); !read)
        return read.error().in("event " + event.kind);
    return bytes;
}

Result<Event> decodeEvent(BytesView bytes)
{
    auto payload = json::readRestricted(bytes, kLargestPayload);
    if (!payload)
        return payload.error();
    return readEvent(*payload);
}

std::vector<Digest> evidenceOf(const Event &event)
{
    std::vector<Digest> named;
    if (event.evidence)
        named.push_back(*event.evidence);
    for (const std::string_view name : {"rendering", "scores"})
        if (const json::Value *member = event.body.find(name); member && member->string())
            if (const auto digest = Digest::parse(*member->string()))
                named.push_back(*digest);
    return named;
}

std::string subjectOf(const Event &event)
{
    struct Rule {
        std::string_view family; ///< first word of the kind
        std::string_view member;
        std::string_view otherwise;
    };
    static constexpr std::array<Rule, 6> rules{{
        {"run", "version", "run"}, {"bundle", "version", ""}, {"review", "version", ""}, {"report", "version", ""}, {"policy", "rule", "pack"}, {"metrics", "import", ""}}};
    const std::string_view family = std::string_view(event.kind).substr(0, event.kind.find('.'));
    const auto rule = std::ranges::find(rules, family, &Rule::family);
    const std::array<std::string_view, 2> names = rule == rules.end() ? std::array<std::string_view, 2>{family, ""} : std::array<std::string_view, 2>{rule->member, rule->otherwise};
    for (const std::string_view name : names)
        if (const json::Value *member = name.empty() ? nullptr : event.body.find(name); member && member->string() && !member->string()->empty())
            return *member->string();
    return {};
}

} // namespace countersign::ledger
