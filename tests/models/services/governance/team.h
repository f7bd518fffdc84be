#pragma once

#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <fstream>
#include <map>

namespace countersign::test {

/// Moves on by a second each time it is asked, and by days when it is told to.
class CalendarClock final : public Clock
{
public:
    Instant now() const override { return m_now += std::chrono::seconds(1); }
    int utcOffsetMinutes(Instant) const override { return 60; }
    void set(Instant now) { m_now = now; }

private:
    mutable Instant m_now = *parseUtc("2026-03-02T08:00:00.000Z");
};

/// A workspace where several people work on the model credit-pd, whose versions 1 and 2 have an AUC of .81 and .69 of 1,000 cases each. Everybody
/// has a key under "the words of <login>", and one role: ada founded it (administrator, compliance officer, validator), vera is a validator, olga the
/// model's owner, dora a developer, axel an approver, otto an IT operator, uma a model user, rita an auditor.
class Team
{
public:
    explicit Team(const QString &backend, std::uint64_t seed = 1) : m_environment(testEnvironment(seed))
    {
        m_environment.clock = m_clock;
        m_status = make(backend);
    }

    Status status() const { return m_status; }
    services::Session &session() { return *m_session; }
    const services::Environment &environment() const { return m_environment; }
    VersionId version(const std::string &label = "1") { return services::findVersionSubject(*m_session, "credit-pd/" + label)->version->id; }
    ModelId model() { return services::findSubject(*m_session, "credit-pd")->model.id; }

    /// It is that moment, in a second.
    void itIs(Instant now) { m_clock->set(now - std::chrono::seconds(1)); }

    /// From now on it is this person who works.
    Person as(const std::string &login)
    {
        const Status set = m_session->setPerson(login);
        Q_ASSERT(set.ok());
        return *m_session->person();
    }
    Person person(const std::string &login) { return *store::findPerson(m_session->connection(), login); }
    const crypto::SigningKey &key(const std::string &login)
    {
        auto &key = m_keys[login];
        if (!key)
            key = *m_session->unlock(person(login), words(login));
        return *key;
    }
    static crypto::Secret words(const std::string &login) { return passphrase(login == "ada" ? "correct horse battery" : "the words of " + login); }

    /// Metrics as rows "version,metric,value,n,lower,upper,time" of credit-pd.
    Status import(const std::string &rows)
    {
        const auto file = m_folder.file("metrics" + std::to_string(m_files++) + ".csv");
        std::ofstream out(file);
        out << "model,version,metric,value,n,lower,upper,time\n";
        for (std::size_t at = 0; at < rows.size();) {
            const std::size_t end = std::min(rows.find('\n', at), rows.size());
            out << "credit-pd," << rows.substr(at, end - at) << "\n";
            at = end + 1;
        }
        out.close();
        const auto imported = services::importMetrics(*m_session, file, {});
        return imported ? Status() : Status(imported.error());
    }

    Result<Rule> limit(const std::string &metric, Direction direction, double edge, Severity severity = Severity::High)
    {
        Rule rule;
        rule.metric = metric;
        rule.direction = direction;
        rule.limit = edge;
        rule.severity = severity;
        return services::setRule(*m_session, rule, {}, person("ada"), key("ada"));
    }

    /// The sentences of a whole verification; empty while ledger and tables agree.
    std::vector<std::string> differences()
    {
        const auto report = services::verifyWorkspace(m_session->connection(), {});
        if (!report)
            return {report.error().text()};
        std::vector<std::string> sentences;
        for (const auto &one : report->findings)
            sentences.push_back(one.sentence);
        if (sentences.empty() && !report->isIntact())
            sentences.push_back(report->sentence());
        return sentences;
    }

private:
    Status make(const QString &backend)
    {
        const auto location = database::Location::parse(freshDatabase(backend, m_folder));
        if (!location)
            return location.error();
        services::FounderRequest founder;
        founder.location = *location;
        founder.origin = "Team";
        founder.name = "Ada Sample";
        founder.login = "ada";
        founder.roles = {Role::Administrator, Role::ComplianceOfficer, Role::Validator};
        auto created = services::createWorkspace(founder, words("ada"), m_environment);
        if (!created)
            return created.error();
        m_session = std::move(*created);
        const std::pair<const char *, Role> people[] = {{"vera", Role::Validator},   {"olga", Role::Owner},    {"dora", Role::Developer}, {"axel", Role::Approver},
                                                        {"otto", Role::ItOperator}, {"uma", Role::ModelUser}, {"rita", Role::Auditor}};
        for (const auto &[login, role] : people) {
            services::PersonRequest request;
            request.login = login;
            request.name = std::string(1, static_cast<char>(login[0] - 'a' + 'A')) + (login + 1) + std::string(" Sample");
            request.roles = {role};
            const auto secret = words(login);
            const auto added = services::addPerson(*m_session, request, &secret, person("ada"), key("ada"));
            if (!added)
                return added.error();
        }
        return import("1,auc,0.81,1000,0.78,0.84,2026-01-31\n2,auc,0.69,1000,0.66,0.72,2026-02-28");
    }

    TemporaryFolder m_folder;
    std::shared_ptr<CalendarClock> m_clock = std::make_shared<CalendarClock>();
    services::Environment m_environment;
    std::unique_ptr<services::Session> m_session;
    std::map<std::string, std::shared_ptr<crypto::SigningKey>> m_keys;
    Status m_status;
    int m_files = 0;
};

} // namespace countersign::test
