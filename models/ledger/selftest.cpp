#include "models/ledger/selftest.h"

#include "models/base/json.h"
#include "models/crypto/signing.h"
#include "models/ledger/checkpoint.h"
#include "models/ledger/merkle.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

namespace countersign::ledger {

namespace {

constexpr std::array<std::string_view, 4> kKeys{"sig", "merkle", "jcs", "note"};

Result<Bytes> contentOf(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad())
        return Error{ErrorKind::Io, "The file cannot be read.", file.string()};
    return bytes;
}

Result<json::Value> documentOf(const std::filesystem::path &file)
{
    const auto bytes = contentOf(file);
    if (!bytes)
        return bytes.error();
    auto document = json::parse(*bytes);
    return document ? document : Result<json::Value>(document.error().in(file.string()));
}

/// Files below a folder whose name ends so, in the order of their names.
Result<std::vector<std::filesystem::path>> filesBelow(const std::filesystem::path &folder, std::string_view ending = {})
{
    std::error_code trouble;
    std::vector<std::filesystem::path> files;
    for (auto entry = std::filesystem::recursive_directory_iterator(folder, trouble);
         !trouble && entry != std::filesystem::recursive_directory_iterator(); entry.increment(trouble))
        if (entry->is_regular_file(trouble) && entry->path().string().ends_with(ending))
            files.push_back(entry->path());
    if (trouble)
        return Error{ErrorKind::NotFound, "The folder cannot be read: " + trouble.message() + ".", folder.string()};
    std::ranges::sort(files);
    return files;
}

class Runner
{
public:
    explicit Runner(const std::filesystem::path &folder)
        : m_folder(folder)
    {
    }

    void expect(bool isAsPublished, const std::string &vector)
    {
        if (isAsPublished)
            ++m_report.passed;
        else
            m_report.failures.push_back(vector + " has another verdict than the one published.");
    }

    Status signatures()
    {
        return eachDocument([this](const json::Value &document, const std::filesystem::path &file) {
            const std::string name = file.filename().string();
            if (document.array())
                for (const json::Value &vector : *document.array())
                    edgeCase(vector, name);
            else if (const json::Value *groups = document.find("testGroups"); groups && groups->array())
                for (const json::Value &group : *groups->array())
                    wycheproof(group, name);
        });
    }

    Status proofs()
    {
        return eachDocument([this](const json::Value &document, const std::filesystem::path &file) {
            if (document.find("wantErr"))
                proof(document, std::filesystem::relative(file, m_folder).string());
        });
    }

    Status canonicalForms()
    {
        const auto files = filesBelow(m_folder / "input");
        if (!files)
            return files.error();
        for (const auto &file : *files) {
            const auto document = documentOf(file);
            const auto expected = contentOf(m_folder / "output" / file.filename());
            if (!document || !expected)
                return document ? expected.error() : document.error();
            const auto written = json::canonical(*document);
            expect(written && *written == *expected, file.filename().string());
        }
        return {};
    }

    Status notes(const std::vector<std::string> &keyTexts)
    {
        std::vector<std::pair<std::string, crypto::PublicKey>> keys;
        for (const std::string &text : keyTexts) {
            auto key = parseNoteKey(text);
            if (!key)
                return key.error();
            keys.push_back(*key);
        }
        if (keys.empty())
            return Error{ErrorKind::Invalid,
                         "Checkpoints are checked against their makers' keys: give --key, once for each.",
                         {}};
        const auto files = filesBelow(m_folder);
        if (!files)
            return files.error();
        for (const auto &file : *files) {
            const auto note = contentOf(file);
            if (!note)
                return note.error();
            if (note->find("\n\n\u2014 ") == Bytes::npos)
                continue; // a licence, a page that explains
            expect(std::ranges::any_of(keys, [&](const auto &key) { return verifyCheckpoint(*note, key.second).ok(); }),
                   file.filename().string());
        }
        return {};
    }

    SelfTestReport take() { return std::move(m_report); }

private:
    template<class Visit>
    Status eachDocument(const Visit &visit)
    {
        const auto files = filesBelow(m_folder, ".json");
        if (!files)
            return files.error();
        for (const auto &file : *files) {
            const auto document = documentOf(file);
            if (!document)
                return document.error();
            visit(*document, file);
        }
        return {};
    }

    /// Malformed hexadecimal gives no key and no signature, which nothing accepts.
    static bool isAccepted(std::string_view keyHex, BytesView message, std::string_view signatureHex)
    {
        const auto keyBytes = fromHex(keyHex);
        const auto signatureBytes = fromHex(signatureHex);
        const auto key = keyBytes ? crypto::PublicKey::fromBytes(*keyBytes) : Result<crypto::PublicKey>(Error{});
        const auto signature =
            signatureBytes ? crypto::Signature::fromBytes(*signatureBytes) : Result<crypto::Signature>(Error{});
        return key && signature && crypto::verify(*key, message, *signature);
    }

    void edgeCase(const json::Value &vector, const std::string &file)
    {
        static constexpr std::array<std::string_view, 6> refusing{
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue", "reencoded_k"};
        if (!vector.find("key") || !vector.find("sig"))
            return; // some other list
        const json::Value *flags = vector.find("flags");
        const bool mustRefuse =
            flags && flags->array() && std::ranges::any_of(*flags->array(), [](const json::Value &flag) {
                return flag.string() && std::ranges::find(refusing, *flag.string()) != refusing.end();
            });
        const bool accepted = isAccepted(vector.textOr("key", {}), vector.textOr("msg", {}), vector.textOr("sig", {}));
        expect(accepted != mustRefuse, file + ", number " + std::to_string(vector.integerOr("number", -1)));
    }

    void wycheproof(const json::Value &group, const std::string &file)
    {
        const json::Value *key = group.find("publicKey");
        const json::Value *tests = group.find("tests");
        for (const json::Value &test : key &&tests && tests->array() ? *tests->array() : json::Array()) {
            const auto message = fromHex(test.textOr("msg", "?"));
            const bool accepted = message && isAccepted(key->textOr("pk", {}), *message, test.textOr("sig", {}));
            expect(accepted == (test.textOr("result", {}) == "valid"),
                   file + ", test " + std::to_string(test.integerOr("tcId", -1)));
        }
    }

    void proof(const json::Value &vector, const std::string &file)
    {
        bool isWellFormed = true; // hashes of another size cannot be part of a proof
        const auto hash = [&](const json::Value *value) {
            const auto bytes = value && value->string() ? fromBase64(*value->string()) : Result<Bytes>(Error{});
            const auto digest = bytes ? Digest::fromBytes(*bytes) : Result<Digest>(Error{});
            isWellFormed = isWellFormed && digest.ok();
            return digest ? *digest : Digest();
        };
        // Sizes beyond a signed integer stand in a few vectors that must be refused.
        const auto number = [&](std::string_view key) {
            const json::Value *value = vector.find(key);
            std::uint64_t result = 0;
            const std::string lexeme = value && value->number() ? value->number()->lexeme : std::string("-");
            const auto [end, code] = std::from_chars(lexeme.data(), lexeme.data() + lexeme.size(), result);
            isWellFormed = isWellFormed && code == std::errc() && end == lexeme.data() + lexeme.size();
            return result;
        };
        std::vector<Digest> path;
        if (const json::Value *hashes = vector.find("proof"); hashes && hashes->array())
            for (const json::Value &value : *hashes->array())
                path.push_back(hash(&value));
        bool accepted = false;
        if (vector.find("leafHash")) {
            const Digest leaf = hash(vector.find("leafHash"));
            const Digest root = hash(vector.find("root"));
            accepted = verifyInclusion(leaf, number("leafIdx"), number("treeSize"), path, root).ok();
        } else {
            const Digest first = hash(vector.find("root1"));
            const Digest second = hash(vector.find("root2"));
            accepted = verifyConsistency(number("size1"), first, number("size2"), second, path).ok();
        }
        const json::Value *mustFail = vector.find("wantErr");
        expect(mustFail->boolean() && (accepted && isWellFormed) != *mustFail->boolean(), file);
    }

    std::filesystem::path m_folder;
    SelfTestReport m_report;
};

} // namespace

std::string_view selfTestKey(SelfTest test)
{
    return kKeys[static_cast<std::size_t>(test)];
}

Result<SelfTest> parseSelfTest(std::string_view key)
{
    const auto found = std::ranges::find(kKeys, key);
    if (found == kKeys.end())
        return Error{
            ErrorKind::Invalid, "There is no test \"" + std::string(key) + "\". Choose sig, merkle, jcs or note.", {}};
    return static_cast<SelfTest>(found - kKeys.begin());
}

Result<SelfTestReport> runSelfTest(SelfTest test, const std::filesystem::path &folder,
                                   const std::vector<std::string> &keys)
{
    Runner runner(folder);
    const Status status = test == SelfTest::Signatures ? runner.signatures()
                          : test == SelfTest::Merkle   ? runner.proofs()
                          : test == SelfTest::Jcs      ? runner.canonicalForms()
                                                       : runner.notes(keys);
    if (!status)
        return status.error();
    SelfTestReport report = runner.take();
    if (report.passed == 0 && report.failures.empty())
        return Error{ErrorKind::NotFound, "The folder holds no vectors of this kind.", folder.string()};
    return report;
}

} // namespace countersign::ledger
