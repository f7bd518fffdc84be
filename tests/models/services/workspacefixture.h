#pragma once

#include "models/ledger/entry.h"
#include "models/services/people.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testdatabases.h"

#include <functional>
#include <memory>

namespace countersign::test {

/// A clock that moves on by a second each time it is asked, so that events have an order.
class SteppingClock final : public Clock
{
public:
    Instant now() const override { return m_now += std::chrono::seconds(1); }
    int utcOffsetMinutes(Instant) const override { return 60; }

private:
    mutable Instant m_now = *parseUtc("2026-03-02T08:00:00.000Z");
};

/// Seeded keys, a stepping clock, cheap passphrases: the same workspace every time.
inline services::Environment testEnvironment(std::uint64_t seed = 1)
{
    services::Environment environment;
    environment.clock = std::make_shared<SteppingClock>();
    environment.randomness = std::make_shared<SeededRandomness>(seed);
    environment.wrapCost = crypto::kLowestCost;
    environment.device = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(*environment.randomness));
    return environment;
}

inline crypto::Secret passphrase(std::string text = "correct horse battery") { return crypto::Secret::takeFrom(text); }

/// A fresh workspace whose administrator, Ada Sample, is also compliance officer and validator.
inline Result<std::unique_ptr<services::Session>> freshWorkspace(const std::string &address, const services::Environment &environment)
{
    const auto location = database::Location::parse(address);
    if (!location)
        return location.error();
    services::FounderRequest request;
    request.location = *location;
    request.origin = "Test workspace";
    request.name = "Ada Sample";
    request.roles = {Role::Administrator, Role::ComplianceOfficer, Role::Validator};
    return services::createWorkspace(request, passphrase(), environment);
}

/// An event of this computer about a model, `changed`, as an entry: for what goes past the use cases.
inline std::pair<ledger::Event, Bytes> sealedEvent(services::Session &session, const std::function<void(ledger::Event &)> &changed = {})
{
    const auto signer = session.deviceSigner();
    ledger::Event event;
    event.id = session.environment().randomness->uuid();
    event.kind = "model.update";
    event.ledger = session.ledgerId();
    event.actor = signer->actor;
    event.time = session.now();
    event.seen = session.verifiedHead();
    event.body = {{"changes", json::Array()}, {"model", "m:sealed"}};
    event.appVersion = "1";
    event.appBuild = "unknown";
    if (changed)
        changed(event);
    return {event, *ledger::seal(event, *signer->key)};
}

} // namespace countersign::test
