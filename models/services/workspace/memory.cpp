#include "models/services/workspace/memory.h"

#include "models/crypto/sha256.h"
#include "models/ledger/checkpoint.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/session.h"
#include "models/settings/privatefile.h"

namespace countersign::services {

namespace {

constexpr std::size_t kLargestFile = 64U << 10;
constexpr std::size_t kShort = 16;
constexpr const char *kUnsigned = "not-signed-no-device-key";
constexpr const char *kFound = "found-and-not-vouched-for";
constexpr const char *kPlace = "countersign-place/v1";

/// A note that nobody signed: its one signature line says why, and when it was written.
std::string unsignedNote(const ledger::Checkpoint &checkpoint, const char *why, Instant at)
{
    return ledger::checkpointText(checkpoint) + "\n\u2014 " + why + "/" + formatUtc(at) + " AAAAAAAA\n";
}

std::optional<Instant> unsignedTime(const std::string &note)
{
    const std::string prefix = std::string("\n\u2014 ") + kUnsigned + "/";
    const auto at = note.find(prefix);
    const auto end = at == std::string::npos ? at : note.find(' ', at + prefix.size());
    const auto time = end == std::string::npos ? Result<Instant>(Error{})
                                               : parseUtc(note.substr(at + prefix.size(), end - at - prefix.size()));
    return time ? std::optional(*time) : std::nullopt;
}

std::string shortRoot(const ledger::TreeHead &head)
{
    return head.root.hex().substr(0, kShort) + "…";
}

std::string entriesText(std::uint64_t n)
{
    return std::to_string(n) + (n == 1 ? " entry" : " entries");
}

std::string shortId(const LedgerId &ledger)
{
    return ledger.text().substr(2, kShort);
}

/// One text for a place however it is named: by a relative path, a link, or as another user of the server.
std::string placeOf(const database::Location &location)
{
    if (location.backend == database::Backend::Sqlite) {
        std::error_code failure;
        const auto whole = std::filesystem::weakly_canonical(location.file, failure);
        return failure ? location.file.native() : whole.native();
    }
    database::Location server;
    server.backend = location.backend;
    server.host = location.host;
    server.port = location.port;
    server.databaseName = location.databaseName;
    server.schema = location.schema;
    return server.text();
}

} // namespace

LedgerMemory::LedgerMemory(const Environment &environment, const database::Location &location, const LedgerId &ledger,
                           bool isSample)
    : m_folder(environment.kept)
    , m_device(environment.device)
    , m_clock(environment.clock)
    , m_place(placeOf(location))
    , m_ledger(ledger)
    , m_isSample(isSample)
{
}

std::filesystem::path LedgerMemory::headFile() const
{
    const std::string name =
        m_isSample ? "sample-" + crypto::sha256(m_place).hex().substr(0, 2 * kShort) : m_ledger.text().substr(2);
    return m_folder / "heads" / (name + ".checkpoint");
}

std::filesystem::path LedgerMemory::placeFile() const
{
    return m_folder / "places" / (crypto::sha256(m_place).hex().substr(0, 2 * kShort) + ".place");
}

std::string LedgerMemory::noteOf(const ledger::TreeHead &head) const
{
    const ledger::Checkpoint checkpoint{ledger::checkpointOrigin(m_ledger), head};
    if (!m_device)
        return unsignedNote(checkpoint, kUnsigned, m_clock->now());
    const std::string note = ledger::signCheckpoint(checkpoint, *m_device);
    // The cosignature says when, and that the state continues what was known before.
    const auto timed = ledger::cosign(note, ledger::cosignerName(m_ledger, crypto::deviceId(m_device->publicKey())),
                                      *m_device, m_clock->now());
    return timed ? *timed : note;
}

Result<std::optional<KnownHead>> LedgerMemory::readHead() const
{
    const auto file = headFile();
    const auto damaged = [&file](const std::string &why) {
        return Error{ErrorKind::Tampered,
                     "What this computer remembers of the ledger, " + file.native() + ", cannot be relied on: " + why +
                         ".",
                     {}};
    };
    const auto bytes = settings::readFile(file, kLargestFile);
    if (!bytes)
        return damaged(bytes.error().message);
    if (!*bytes)
        return std::optional<KnownHead>();
    const auto checkpoint = ledger::readCheckpointUnverified(**bytes);
    if (!checkpoint)
        return damaged("the file is damaged");
    if (checkpoint->origin != ledger::checkpointOrigin(m_ledger))
        return damaged("it is about another ledger");
    KnownHead known{checkpoint->head, {}, false, **bytes};
    if (const auto time = unsignedTime(known.note)) {
        known.at = *time;
        return std::optional(std::move(known));
    }
    if (!m_device)
        return std::optional(
            std::move(known)); // nobody here can tell whose signature it is; the state is compared all the same
    const auto time = ledger::verifyCosignature(
        known.note, ledger::cosignerName(m_ledger, crypto::deviceId(m_device->publicKey())), m_device->publicKey());
    if (!time)
        return damaged(time.error().kind == ErrorKind::NotFound ? "it is not signed by this computer's key"
                                                                : "its signature does not fit");
    known.at = *time;
    known.isSigned = true;
    return std::optional(std::move(known));
}

void LedgerMemory::recall(const ledger::CompactTree &tree)
{
    if (!isKept())
        return;
    auto known = readHead();
    m_damage = known ? std::nullopt : std::optional(known.error());
    m_known = known ? *std::move(known) : std::nullopt;
    m_rootThere.reset();
    pass(tree);
}

std::string LedgerMemory::contradiction(const ledger::TreeHead &found) const
{
    if (!m_known)
        return {};
    const auto &head = m_known->head;
    const std::string remembered = "This computer has verified " + entriesText(head.size) + " of this ledger, root " +
                                   shortRoot(head) +
                                   (m_known->at == Instant() ? std::string() : ", last at " + formatUtc(m_known->at));
    if (found.size < head.size)
        return remembered + "; the database has only " + entriesText(found.size) + ", root " + shortRoot(found) +
               ". Entries were cut off, or an older copy was put in its place.";
    if (m_rootThere && *m_rootThere != head.root)
        return remembered + "; as many entries of the database, which has " + std::to_string(found.size) +
               " now, give root " + shortRoot({head.size, *m_rootThere}) + ". It shows another history.";
    return {};
}

Status LedgerMemory::judge(const ledger::TreeHead &found)
{
    if (m_isPaused)
        return {};
    const std::string what = m_damage ? m_damage->message : contradiction(found);
    return what.empty() ? Status() : Status(alarm(what, found));
}

Result<std::optional<LedgerId>> LedgerMemory::ledgerHere() const
{
    if (!isKept())
        return std::optional<LedgerId>();
    const auto bytes = settings::readFile(placeFile(), kLargestFile);
    if (bytes && !*bytes)
        return std::optional<LedgerId>();
    const std::string &text = bytes ? **bytes : std::string();
    const auto last = text.rfind('\n', text.empty() ? 0 : text.size() - 2);
    const std::string body = last == std::string::npos ? std::string() : text.substr(0, last);
    const std::string start = placeText({});
    const std::string prefix = start.substr(0, start.size() - 1);
    const bool isWhole = text.ends_with('\n') && body.starts_with(prefix) && body.ends_with('\n');
    const auto seal = fromBase64(isWhole ? text.substr(last + 1, text.size() - last - 2) : std::string("-"));
    const auto signature = seal ? crypto::Signature::fromBytes(*seal) : Result<crypto::Signature>(Error{});
    const bool isUnsigned = isWhole && text.substr(last + 1) == std::string(kUnsigned) + "\n";
    const bool isSigned =
        isWhole && signature && (!m_device || crypto::verify(m_device->publicKey(), body, *signature));
    const auto damaged = [this](const char *how) {
        return Error{ErrorKind::Tampered,
                     "What this computer remembers of the place " + m_place + ", " + placeFile().native() + how,
                     {}};
    };
    if (!isUnsigned && !isSigned)
        return damaged(", cannot be relied on: it is damaged, or signed by another key.");
    if (body == placeText(m_ledger.text()))
        return std::optional(m_ledger);
    const auto ledger = LedgerId::parse(body.substr(prefix.size(), body.size() - prefix.size() - 1));
    if (!ledger)
        return damaged(", is damaged.");
    return std::optional(*ledger);
}

Status LedgerMemory::judgePlace(const ledger::TreeHead &found)
{
    const auto before = ledgerHere();
    if (!before)
        return alarm(before.error().message, found);
    if (!*before || **before == m_ledger)
        return {};
    // The state of the other ledger belongs to the evidence.
    auto other = *this;
    other.m_ledger = **before;
    other.m_isSample = false;
    const auto known = other.readHead();
    m_known = known ? *known : std::nullopt;
    return alarm("At " + m_place + " was another ledger, " + (*before)->text().substr(0, kShort) + "…" +
                     (m_known ? ", of which this computer has verified " + entriesText(m_known->head.size) + ", root " +
                                    shortRoot(m_known->head) + ", last at " + formatUtc(m_known->at)
                              : std::string()) +
                     "; now it is " + m_ledger.text().substr(0, kShort) + "… with " + entriesText(found.size) +
                     ", root " + shortRoot(found) + ". The database was exchanged.",
                 found);
}

std::string LedgerMemory::placeText(const std::string &ledger) const
{
    return std::string(kPlace) + "\n" + m_place + "\n" + ledger + "\n";
}

Status LedgerMemory::writePlace() const
{
    if (const auto status = settings::makePrivateFolder(placeFile().parent_path()); !status)
        return status;
    const std::string text = placeText(m_ledger.text());
    return settings::replaceFile(
        placeFile(), text + "\n" + (m_device ? toBase64(m_device->sign(text).view()) : std::string(kUnsigned)) + "\n");
}

Status LedgerMemory::advance(const ledger::TreeHead &verified)
{
    if (!isKept() || m_isPaused || verified.size == 0)
        return {};
    std::error_code ignored;
    if (!m_isPlaceKnown && !std::filesystem::exists(placeFile(), ignored))
        if (const auto status = writePlace(); !status)
            return status;
    m_isPlaceKnown = true;
    if (m_known && m_known->head.size >= verified.size)
        return {};
    if (const auto status = settings::makePrivateFolder(headFile().parent_path()); !status)
        return status;
    const settings::FileLock lock(headFile().parent_path() / "lock");
    if (!lock.isHeld())
        return settings::systemError("file", headFile().parent_path() / "lock", "locked");
    const auto there = readHead();
    if (!there)
        return there.error();
    if (*there && ((*there)->head.size >= verified.size || (!m_device && !unsignedTime((*there)->note)))) {
        m_known = *there; // another program was further; or what is signed would be replaced by what nobody signed
        return {};
    }
    KnownHead next{verified, m_clock->now(), m_device != nullptr, noteOf(verified)};
    if (const auto status = settings::replaceFile(headFile(), next.note); !status)
        return status;
    m_known = std::move(next);
    return {};
}

Status LedgerMemory::replace(const ledger::TreeHead &accepted)
{
    if (!isKept())
        return {};
    for (const auto &file : {headFile(), placeFile()}) {
        if (const auto status = settings::makePrivateFolder(file.parent_path()); !status)
            return status;
        keepReplaced(file);
    }
    const settings::FileLock lock(headFile().parent_path() / "lock");
    KnownHead next{accepted, m_clock->now(), m_device != nullptr, noteOf(accepted)};
    if (const auto status = settings::replaceFile(headFile(), next.note); !status)
        return status;
    m_known = std::move(next);
    m_damage.reset();
    return writePlace();
}

void LedgerMemory::beginAnew(const Environment &environment, const database::Location &location)
{
    if (environment.kept.empty())
        return;
    for (const bool isSample : {false, true}) {
        const LedgerMemory memory(environment, location, LedgerId::of("none"), isSample);
        const auto file = isSample ? memory.headFile() : memory.placeFile();
        memory.keepReplaced(file);
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
    }
}

Error LedgerMemory::alarm(const std::string &what, const ledger::TreeHead &found)
{
    std::string kept;
    const auto add = [&kept](const std::string &name) { kept += (kept.empty() || name.empty() ? "" : " and ") + name; };
    if (m_known)
        add(keepEvidence("known-" + shortId(m_ledger) + "-" + std::to_string(m_known->head.size) + "-" +
                             m_known->head.root.hex().substr(0, 8),
                         m_known->note));
    else
        for (const auto &file : {headFile(), placeFile()})
            if (m_damage || file == placeFile())
                keepReplaced(file);
    add(keepEvidence("found-" + shortId(m_ledger) + "-" + std::to_string(found.size) + "-" +
                         found.root.hex().substr(0, 8),
                     unsignedNote({ledger::checkpointOrigin(m_ledger), found}, kFound, m_clock->now())));
    return {ErrorKind::Tampered,
            what + " Nothing can be written." +
                (kept.empty() ? std::string()
                              : " Both states are kept in " + evidenceFolder().native() + ": " + kept + "."),
            {},
            hint::kAcceptState};
}

/// The file's name; empty when it cannot be written.
std::string LedgerMemory::keepEvidence(const std::string &name, BytesView bytes) const
{
    if (!settings::makePrivateFolder(evidenceFolder()))
        return {};
    const auto file = evidenceFolder() / (name + ".checkpoint");
    const auto status = settings::createFile(file, bytes);
    return status || status.error().kind == ErrorKind::Conflict ? file.filename().native() : std::string();
}

void LedgerMemory::keepReplaced(const std::filesystem::path &file) const
{
    const auto bytes = settings::readFile(file, kLargestFile);
    if (bytes && *bytes && settings::makePrivateFolder(evidenceFolder()))
        (void)settings::createFile(evidenceFolder() / ("replaced-" + crypto::sha256(**bytes).hex().substr(0, kShort) +
                                                       "-" + file.filename().native()),
                                   **bytes);
}

} // namespace countersign::services
