// A disk that is full, and files, folders and mounts that may only be read.

#include "tests/faults/disk.h"

#include "tests/faults/signing.h"

#include <cerrno>
#include <cstring>

#include <sys/mount.h>
#include <unistd.h>

namespace countersign::faults {

namespace {

namespace fs = std::filesystem;

/// A file system in memory of a given size, where this process may mount one; otherwise files that may not grow beyond
/// the size.
class SmallDisk
{
public:
    SmallDisk(fs::path folder, std::uint64_t bytes)
        : m_folder(std::move(folder))
    {
        std::error_code ignored;
        fs::create_directories(m_folder, ignored);
        m_isMounted = ::mount("none", m_folder.c_str(), "tmpfs", 0, option(bytes).c_str()) == 0;
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_folder.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    bool grow(std::uint64_t bytes)
    {
        return !m_isMounted || ::mount("none", m_folder.c_str(), "tmpfs", MS_REMOUNT, option(bytes).c_str()) == 0;
    }

private:
    static std::string option(std::uint64_t bytes) { return "mode=0755,size=" + std::to_string(bytes); }
    fs::path m_folder;
    bool m_isMounted = false;
};

/// The sentence of a refusal by a full disk names the file, the trouble, and what to do.
bool isDiskSentence(const std::string &sentence, const fs::path &file)
{
    if (sentence.find("not known") != std::string::npos) // it is known: the file does not have it
        return false;
    const bool isFull = sentence.find("is full, so nothing was recorded. Make room") != std::string::npos;
    const bool isUnwritable = sentence.find("cannot be read or written") != std::string::npos &&
                              sentence.find("Check the disk") != std::string::npos;
    return sentence.find(file.string()) != std::string::npos && (isFull || isUnwritable);
}

} // namespace

Tally fullDisk(const Plan &plan)
{
    constexpr std::uint64_t kPage = 4096;
    Tally tally;
    std::int64_t mounted = 0;
    const auto origin = Workplace::make(plan.scratch / "keys", (plan.scratch / "origin.countersign").string());
    if (!origin) {
        tally.fail(plan, 0, origin.error().text());
        return tally;
    }
    const auto size = fs::file_size(origin->address);
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        auto chance = plan.chance(run);
        const auto folder = plan.scratch / ("disk" + std::to_string(run));
        const auto room = (size / kPage + 2 + chance.next() % 300) * kPage;
        const bool isLimit = run % 4 == 3; // the other way, wherever this runs
        SmallDisk disk(folder, isLimit ? room * 100 : room);
        mounted += disk.isMounted() && !isLimit;
        std::vector<std::string> limits;
        if (isLimit || !disk.isMounted())
            limits.push_back("bytes=" + std::to_string(room));
        const auto file = folder / "w.countersign";
        std::error_code trouble;
        fs::copy_file(origin->address, file, trouble);
        const auto place = Workplace::at(origin->folder, file.string());
        if (trouble) {
            tally.fail(plan, run, "the workspace does not fit the disk: " + trouble.message());
            continue;
        }
        const auto bundle = origin->bundles()->front();
        Oracle oracle;
        std::string said;
        const auto hear = [&](const std::vector<Worker::Line> &lines) {
            for (const auto &line : lines) {
                if (line.is("S"))
                    oracle.begun(line.word(1), bundle);
                if (line.is("E"))
                    said = line.rest(3);
                const auto leaf = line.is("A") ? Digest::parse("sha256:" + line.word(2)) : Result<Digest>(Error{});
                if (leaf) {
                    oracle.acknowledged(line.word(1), *leaf);
                    ++tally.acknowledged;
                }
            }
        };
        auto arguments = limits;
        for (const auto &word :
             std::vector<std::string>{"sign", place.folder.string(), place.address, bundle.text(), "10000", "stop"})
            arguments.push_back(word);
        Worker worker(arguments);
        std::vector<Worker::Line> lines;
        worker.drain(lines);
        hear(lines);
        if (isDiskSentence(said, file))
            ++tally.refused;
        else
            tally.fail(plan, run, "on a full disk it says: “" + said + "”");
        if (!fs::is_empty(place.folder / "kept" / "pending", trouble) && !trouble)
            tally.fail(plan, run, "what was not recorded is kept as if that were not known");
        // It can be read and checked although nothing can be written, and holds what it held.
        {
            auto session = place.open(true);
            if (session)
                oracle.check(plan, run, **session, tally);
            else
                tally.fail(plan, run, "it does not open on the full disk: " + session.error().text());
        }
        if (!disk.grow(size * 20))
            tally.fail(plan, run, std::string("the disk does not grow: ") + std::strerror(errno));
        if (!holdTo(plan, run, place, oracle, tally))
            return tally;
        sayProgress(plan, run, tally);
    }
    tally.notes.push_back(std::to_string(mounted) +
                          " on a file system in memory, the others with files that may not grow");
    return tally;
}

namespace {

constexpr unsigned kNobody = 65534;

/// One way of not being allowed to write. `lock` sets it up in the folder with the workspace in it; `unlock` takes it
/// back.
struct ReadOnlyCase {
    const char *what;
    bool needsRoot;
    bool asNobody; ///< root may write whatever the permissions say
    bool (*lock)(const fs::path &folder, const fs::path &file);
    void (*unlock)(const fs::path &folder);
    const char *says; ///< a part of the sentence
};

bool setMode(const fs::path &path, unsigned mode)
{
    std::error_code error;
    fs::permissions(path, static_cast<fs::perms>(mode), error);
    return !error;
}

void nothing(const fs::path &) {}
void unmount(const fs::path &folder)
{
    ::umount2(folder.c_str(), MNT_DETACH);
}

const ReadOnlyCase kReadOnly[] = {
    {"the file", false, true,
     [](const fs::path &folder, const fs::path &file) { return setMode(folder, 0777) && setMode(file, 0444); }, nothing,
     "is write-protected, so it can only be read"},
    {"the folder", false, true,
     [](const fs::path &folder, const fs::path &file) { return setMode(file, 0666) && setMode(folder, 0555); }, nothing,
     "is write-protected, so the workspace can only be read"},
    {"another's file", true, true,
     [](const fs::path &folder, const fs::path &file) { return setMode(folder, 0755) && setMode(file, 0644); }, nothing,
     "is write-protected, so it can only be read"},
    {"the mount", true, false,
     [](const fs::path &folder, const fs::path &) {
         return ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
                ::mount("none", folder.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
     },
     unmount, "can only be read"},
};

} // namespace

Tally readOnlyPlaces(const Plan &plan)
{
    Tally tally;
    const bool isRoot = ::geteuid() == 0;
    const auto origin = Workplace::make(plan.scratch / "keys", (plan.scratch / "origin.countersign").string());
    if (!origin) {
        tally.fail(plan, 0, origin.error().text());
        return tally;
    }
    setMode(plan.scratch, 0755);
    setMode(origin->folder, 0755);
    const auto before = *readFile(origin->address);
    const auto bundle = origin->bundles()->front();
    for (int run = plan.first; run < plan.end(); ++run) {
        const auto &readOnly = kReadOnly[static_cast<std::size_t>(run) % std::size(kReadOnly)];
        if (readOnly.needsRoot && !isRoot) {
            tally.notes.push_back(std::string(readOnly.what) + ": not tried, it takes root");
            continue;
        }
        const auto folder = plan.scratch / ("ro" + std::to_string(run));
        const auto file = folder / "w.countersign";
        std::error_code trouble;
        fs::create_directories(folder, trouble);
        fs::copy_file(origin->address, file, trouble);
        if (trouble || !readOnly.lock(folder, file)) {
            tally.notes.push_back(std::string(readOnly.what) + ": cannot be made here");
            readOnly.unlock(folder);
            continue;
        }
        ++tally.runs;
        std::vector<std::string> arguments;
        if (readOnly.asNobody && isRoot)
            arguments.push_back("as=" + std::to_string(kNobody));
        for (const auto &word :
             std::vector<std::string>{"refused", origin->folder.string(), file.string(), bundle.text()})
            arguments.push_back(word);
        Worker worker(arguments);
        std::vector<Worker::Line> lines;
        worker.drain(lines);
        const auto reason = std::ranges::find_if(lines, [](const Worker::Line &line) { return line.is("O"); });
        const auto refusal = std::ranges::find_if(lines, [](const Worker::Line &line) { return line.is("E"); });
        if (reason == lines.end() || reason->rest(1).find(readOnly.says) == std::string::npos ||
            reason->rest(1).find(file.string()) == std::string::npos)
            tally.fail(plan, run,
                       std::string(readOnly.what) + " may only be read, and what is said is: “" +
                           (reason == lines.end() ? lines.empty() ? "" : lines.back().rest(0) : reason->rest(1)) + "”");
        else if (refusal == lines.end() || refusal->word(2) != std::to_string(static_cast<int>(ErrorKind::Denied)))
            tally.fail(plan, run,
                       std::string(readOnly.what) + " may only be read, and signing says: “" +
                           (refusal == lines.end() ? "" : refusal->rest(2)) + "”");
        else
            ++tally.refused;
        if (std::ranges::none_of(lines, [](const Worker::Line &line) { return line.is("V"); }))
            tally.fail(plan, run, std::string(readOnly.what) + ": it cannot be verified");
        readOnly.unlock(folder);
        setMode(folder, 0755);
        if (*readFile(file) != before) {
            ++tally.lost;
            tally.fail(plan, run, "the file is not as it was");
        }
        if (std::distance(fs::directory_iterator(folder), fs::directory_iterator()) != 1)
            tally.fail(plan, run, "something was left beside the file");
    }
    return tally;
}

} // namespace countersign::faults
