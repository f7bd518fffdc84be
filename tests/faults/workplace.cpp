#include "tests/faults/workplace.h"

#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/people.h"
#include "models/services/review/rules.h"

#include <fstream>
#include <iterator>

namespace countersign::faults {

namespace {

Status keepKey(const std::filesystem::path &file, const crypto::SigningKey &key)
{
    return writeFile(file, toHex(key.seed()));
}

Result<crypto::SigningKey> keptKey(const std::filesystem::path &file)
{
    const auto hex = readFile(file);
    const auto seed = hex ? fromHex(*hex) : Result<Bytes>(hex.error());
    if (!seed)
        return seed.error();
    return crypto::SigningKey::fromSeed(*seed);
}

} // namespace

Status writeFile(const std::filesystem::path &file, BytesView bytes)
{
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    return stream ? Status() : Status(Error{ErrorKind::Io, file.string() + " cannot be written.", {}});
}

Result<Bytes> readFile(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return Error{ErrorKind::Io, file.string() + " cannot be read.", {}};
    return Bytes(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

Result<services::Environment> Workplace::environment() const
{
    services::Environment environment;
    environment.wrapCost = crypto::kLowestCost;
    auto device = keptKey(folder / "device");
    if (!device)
        return device.error();
    environment.device = std::make_shared<crypto::SigningKey>(std::move(*device));
    std::error_code ignored;
    if (std::filesystem::is_directory(folder / "kept", ignored))
        environment.kept = folder / "kept";
    return environment;
}

Result<std::unique_ptr<services::Session>> Workplace::open(bool readOnly) const
{
    const auto location = database::Location::parse(address);
    if (!location)
        return location.error();
    auto environment = this->environment();
    if (!environment)
        return environment.error();
    services::OpenRequest request;
    request.location = *location;
    request.readOnly = readOnly;
    request.person = readOnly ? std::string() : kAdministrator;
    return services::Session::open(request, *std::move(environment));
}

Result<crypto::SigningKey> Workplace::personKey(const std::string &login) const
{
    return keptKey(folder / login);
}

Status Workplace::addSigner(services::Session &session, const std::string &login) const
{
    const auto administrator = personKey();
    if (!administrator)
        return administrator.error();
    std::string words = "correct horse " + login;
    const auto passphrase = crypto::Secret::takeFrom(words);
    const services::PersonRequest request{"Signer " + login, login, {Role::Validator}};
    const auto person = services::addPerson(session, request, &passphrase, *session.person(), *administrator);
    if (!person)
        return person.error();
    const auto key = session.unlock(*person, passphrase);
    return key ? keepKey(folder / login, **key) : Status(key.error());
}

Status Workplace::remember() const
{
    std::error_code error;
    std::filesystem::create_directory(folder / "kept", error);
    std::filesystem::permissions(folder / "kept", std::filesystem::perms::owner_all, error);
    return error ? Status(Error{ErrorKind::Io, error.message(), {}}) : Status();
}

Result<std::vector<BundleId>> Workplace::bundles() const
{
    const auto text = readFile(folder / "bundles");
    if (!text)
        return text.error();
    std::vector<BundleId> ids;
    std::size_t begin = 0;
    for (auto end = text->find('\n'); end != std::string::npos; begin = end + 1, end = text->find('\n', begin))
        ids.push_back(BundleId::of(text->substr(begin, end - begin)));
    return ids;
}

Result<Workplace> Workplace::make(const std::filesystem::path &folder, const std::string &address, int models)
{
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    Workplace place{folder, address};
    SystemRandomness randomness;
    if (const auto kept = keepKey(folder / "device", crypto::SigningKey::generate(randomness)); !kept)
        return kept.error();
    const auto location = database::Location::parse(address);
    auto environment = place.environment();
    if (!location || !environment)
        return location ? environment.error() : location.error();
    services::FounderRequest founder;
    founder.location = *location;
    founder.origin = "Faults (sample)";
    founder.name = "Ada Sample";
    founder.roles = {Role::Administrator, Role::ComplianceOfficer, Role::Validator};
    std::string words = "correct horse battery";
    const auto passphrase = crypto::Secret::takeFrom(words);
    auto session = services::createWorkspace(founder, passphrase, *environment);
    if (!session)
        return session.error();
    const Person person = *(*session)->person();
    const auto key = (*session)->unlock(person, passphrase);
    if (!key)
        return key.error();
    if (const auto kept = keepKey(folder / kAdministrator, **key); !kept)
        return kept.error();

    std::string metrics = "model,version,metric,window_start,window_end,value,n\n";
    for (int model = 0; model < models; ++model)
        metrics += "m" + std::to_string(model) + ",1,auc,2026-01-01,2026-02-01,0.7" + std::to_string(10 + model % 80) +
                   ",4800\n";
    if (const auto written = writeFile(folder / "first.csv", metrics); !written)
        return written.error();
    if (const auto imported = services::importMetrics(**session, folder / "first.csv", {}); !imported)
        return imported.error();
    Rule rule;
    rule.metric = "auc";
    rule.direction = Direction::AtLeast;
    rule.limit = 0.7;
    if (const auto set = services::setRule(**session, rule, {}, person, **key); !set)
        return set.error();
    std::string bundles;
    for (int model = 0; model < models; ++model) {
        const auto subject = services::findVersionSubject(**session, "m" + std::to_string(model) + "/1");
        const auto bundle = subject ? services::freezeReview(**session, subject->version->id)
                                    : Result<services::FrozenBundle>(subject.error());
        if (!bundle)
            return bundle.error();
        bundles += bundle->id.text() + "\n";
    }
    if (const auto written = writeFile(folder / "bundles", bundles); !written)
        return written.error();
    return place;
}

Result<services::SignReceipt> signOff(services::Session &session, const crypto::SigningKey &key, const BundleId &bundle,
                                      const std::string &id)
{
    services::SignRequest request;
    request.id = id;
    request.bundle = bundle;
    request.role = Role::Validator;
    request.decision = Decision::Approve;
    request.meaning = kMeaning;
    return services::sign(session, request, *session.person(), key);
}

} // namespace countersign::faults
