#include "models/services/sample/sample.h"

#include "models/crypto/sha256.h"
#include "models/services/computed/computedsets.h"
#include "models/services/imports/importrun.h"
#include "models/services/inventory.h"
#include "models/services/people.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/sample/samplelog.h"
#include "models/services/sample/samplemodels.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <cmath>
#include <numbers>

namespace countersign::services {

namespace {

using namespace std::chrono;
constexpr int kWeeks = 104;
constexpr int kWeeksPerImport = 13;
const Instant kFirstWeek = sys_days(2024y / November / 11);

Instant weekStart(int week) { return kFirstWeek + days(7) * week; }

crypto::Secret samplePassphrase()
{
    std::string text = kSamplePassphrase;
    return crypto::Secret::takeFrom(text);
}

class SampleBuilder
{
public:
    SampleBuilder(const SampleRequest &request, const Environment &host, const Progress &progress)
        : m_request(request), m_host(host), m_progress(progress), m_clock(std::make_shared<FixedClock>(kFirstWeek, 0)), m_numbers(20241111)
    {
        m_environment.clock = m_clock;
        m_environment.randomness = std::make_shared<SeededRandomness>(4711);
        m_environment.wrapCost = crypto::kLowestCost;
        m_environment.device = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(*m_environment.randomness));
    }

    Status build()
    {
        const std::initializer_list<Status (SampleBuilder::*)()> steps{&SampleBuilder::found, &SampleBuilder::registerModels, &SampleBuilder::setLimits,
                                                                       &SampleBuilder::importAndReview, &SampleBuilder::enrolHost, &SampleBuilder::tamper};
        std::uint64_t done = 0;
        for (const auto step : steps) {
            m_progress(done++, steps.size(), "making the sample portfolio");
            if (m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "The sample was not made.", {}};
            if (const auto status = (this->*step)(); !status)
                return status;
        }
        return {};
    }

private:
    Status found()
    {
        FounderRequest founder;
        founder.location = database::Location::sqlite(m_request.file);
        founder.origin = "Sample portfolio";
        founder.name = "Sample Administrator";
        founder.login = "admin";
        founder.roles = {Role::Administrator};
        founder.isSample = true;
        auto session = createWorkspace(founder, samplePassphrase(), m_environment);
        if (!session)
            return session.error();
        m_session = std::move(*session);
        const Person administrator = *m_session->person();
        auto key = m_session->unlock(administrator, samplePassphrase());
        if (!key)
            return key.error();
        m_administratorKey = *key;
        const PersonRequest people[] = {{"Sample Validator", "validator", {Role::Validator}},
                                        {"Sample Compliance Officer", "compliance", {Role::ComplianceOfficer}},
                                        {"Sample Approver", "approver", {Role::Approver, Role::Owner}},
                                        {"Sample Auditor", "auditor", {Role::Auditor}}};
        for (const auto &request : people) {
            m_clock->advance(minutes(7));
            const auto secret = samplePassphrase();
            const auto person = addPerson(*m_session, request, request.login == "auditor" ? nullptr : &secret, administrator, *m_administratorKey);
            if (!person)
                return person.error();
            if (person->hasKey) {
                auto personKey = m_session->unlock(*person, secret);
                if (!personKey)
                    return personKey.error();
                m_people.emplace(person->login, std::pair(*person, *personKey));
            }
        }
        return {};
    }

    Status registerModels()
    {
        m_clock->set(kFirstWeek + hours(30));
        StagedRegistry staged;
        staged.uri = "sample:registry";
        staged.inventory = sampleInventory();
        staged.histories.resize(staged.inventory.runs.size());
        const auto outcome = importRegistry(*m_session, staged, {});
        if (!outcome)
            return outcome.error();
        for (const auto &model : sampleModels()) {
            m_clock->advance(minutes(1));
            const auto ids = store::modelsNamed(m_session->connection(), model.name);
            if (!ids || ids->empty())
                return ids ? Error{ErrorKind::NotFound, "A sample model is missing.", {}} : ids.error();
            FactsRequest facts;
            facts.model = ids->front();
            facts.purpose = model.purpose;
            facts.useCase = model.useCase;
            if (const auto set = setFacts(*m_session, facts); !set)
                return set.error();
        }
        return {};
    }

    Status setLimits()
    {
        m_clock->set(kFirstWeek + hours(60));
        const auto &[officer, key] = m_people.at("compliance");
        for (const auto &limit : sampleLimits()) {
            m_clock->advance(minutes(2));
            const auto rule = setRule(*m_session, limit, {}, officer, *key);
            if (!rule)
                return rule.error();
            if (rule->metric == "auc" && rule->attribute.empty())
                m_aucRule = *rule;
        }
        return {};
    }

    Status importAndReview()
    {
        for (int first = 0; first < kWeeks; first += kWeeksPerImport) {
            m_clock->set(weekStart(first + kWeeksPerImport) + hours(6));
            if (const auto status = importWeeks(first, first + kWeeksPerImport); !status)
                return status;
            if (first == 4 * kWeeksPerImport) {
                // The limit on AUC is raised in the second year: its line steps, and old values are judged by the old limit.
                m_clock->advance(days(2));
                const auto &[officer, key] = m_people.at("compliance");
                Rule raised = m_aucRule;
                raised.limit = 0.70;
                raised.watch = 0.72;
                if (const auto rule = setRule(*m_session, raised, {}, officer, *key); !rule)
                    return rule.error();
            }
            if (first == 6 * kWeeksPerImport)
                if (const auto status = signAll(true); !status)
                    return status;
        }
        if (const auto status = importLog(); !status)
            return status;
        return signAll(false);
    }

    /// Figures of a prediction log, by the real engine. What the weekly file has is left out of the observations: one series has one rhythm.
    Status importLog()
    {
        m_clock->advance(hours(2));
        const auto subject = findVersionSubject(*m_session, "credit-pd-retail/3");
        if (!subject)
            return subject.error();
        auto log = sampleLog();
        if (!log)
            return log.error();
        ComputedImport import;
        import.version = subject->version->id;
        import.set = std::make_shared<const computed::ComputedSet>(std::move(log->set));
        import.scores = std::move(log->scores);
        import.note = "sex, protected as sex; age band, protected as age. Legal basis: monitoring for discrimination";
        import.observations.metrics = {"recall", "selection_rate"};
        import.observations.drifts = false;
        const auto recorded = recordComputed(*m_session, import);
        return recorded ? Status() : Status(recorded.error());
    }

    /// Before the last import: what becomes stale by it. After it: what stays valid.
    Status signAll(bool isBeforeLastImport)
    {
        for (const auto &plan : sampleSignOffs()) {
            if (plan.isBeforeLastImport != isBeforeLastImport)
                continue;
            m_clock->advance(hours(3));
            const auto subject = findVersionSubject(*m_session, plan.subject);
            if (!subject)
                return subject.error();
            const auto bundle = freezeReview(*m_session, subject->version->id);
            if (!bundle)
                return bundle.error();
            m_clock->advance(minutes(42));
            const auto &[person, key] = m_people.at(plan.login);
            SignRequest request;
            request.id = m_environment.randomness->uuid();
            request.bundle = bundle->id;
            request.role = plan.role;
            request.decision = plan.decision;
            request.meaning = plan.meaning;
            request.comment = plan.comment;
            if (const auto receipt = sign(*m_session, request, person, *key); !receipt)
                return receipt.error();
        }
        return {};
    }

    Status importWeeks(int first, int last)
    {
        const std::string name = "sample/metrics-" + formatDate(weekStart(first)) + ".csv";
        auto run = ImportRun::begin(*m_session, Journal::Mode::Write, "metrics", name, crypto::sha256(name).text());
        if (!run)
            return run.error();
        (*run)->outcome().description = "Sample metrics, weekly";
        for (const auto &series : sampleSeries()) {
            const auto subject = findSubject(*m_session, series.model + "/" + series.version);
            if (!subject)
                return subject.error();
            SeriesKey key;
            key.version = subject->version->id;
            key.metric = series.metric;
            key.slice = series.slice;
            std::optional<std::int64_t> id;
            for (int week = std::max(first, series.firstWeek); week < std::min(last, series.lastWeek); ++week) {
                const auto observation = observe(series, week);
                if (!observation)
                    continue;
                if (!id) {
                    const auto number = (*run)->observations().series(key);
                    if (!number)
                        return number.error();
                    id = *number;
                }
                if (const auto status = (*run)->observations().add(*id, *observation); !status)
                    return status;
            }
        }
        const auto outcome = (*run)->finish();
        return outcome ? Status() : Status(outcome.error());
    }

    /// One weekly value: level, drift from a week on, a yearly season and noise that shrinks with n.
    std::optional<Observation> observe(const SampleSeries &series, int week)
    {
        const double noise = m_numbers.normal();
        const double spread = m_numbers.normal();
        if (week >= series.gapFrom && week < series.gapTo)
            return {};
        Observation observation;
        observation.window = {weekStart(week), weekStart(week + 1)};
        const double n = std::max(1.0, series.n * (1 + 0.08 * spread));
        observation.n = std::llround(n);
        const double drift = week >= series.driftFrom ? series.driftPerWeek * (week - series.driftFrom) : 0.0;
        const double season = series.season * std::sin(2 * std::numbers::pi * week / 52.0);
        double value = series.level + drift + season + series.noise * noise / std::sqrt(n / series.n);
        value = std::clamp(value, series.lowest, series.highest);
        const double digits = series.level > 10 ? 10.0 : 10000.0;
        observation.value = std::round(value * digits) / digits;
        if (series.hasInterval) {
            const double half = std::round(1.96 * std::sqrt(std::max(0.0001, value * (1 - value)) / n) * digits) / digits;
            observation.lower = std::max(series.lowest, observation.value - half);
            observation.upper = std::min(series.highest, observation.value + half);
        }
        return observation;
    }

    Status enrolHost()
    {
        m_clock->advance(minutes(5));
        if (!m_host.device)
            return {};
        m_session.reset(); // reopened with the host's device key in hand
        Environment environment = m_environment;
        environment.device = m_host.device;
        environment.kept = m_host.kept;
        LedgerMemory::beginAnew(environment, database::Location::sqlite(m_request.file));
        auto session = Session::open({database::Location::sqlite(m_request.file), {}, false, "admin"}, environment);
        if (!session)
            return session.error();
        m_session = std::move(*session);
        return enrolDevice(*m_session, *m_session->person(), *m_administratorKey);
    }

    Status tamper()
    {
        if (!m_request.isTampered)
            return {};
        auto transaction = database::Transaction::begin(m_session->connection());
        if (!transaction)
            return transaction.error();
        store::Statements sql(m_session->connection());
        // A weak value made to look good, as somebody with the file in hand could.
        sql.run("UPDATE observation SET value = 0.7613 WHERE revision = 0 AND series = (SELECT s.id FROM series s JOIN version v ON v.id = s.version JOIN model m ON m.id = v.model "
                "WHERE m.name = 'credit-pd-retail' AND v.label = '3' AND s.metric = 'auc' AND s.slice = 'overall') AND window_end = ?",
                toMillis(weekStart(kWeeks - 2)));
        if (!sql.ok())
            return sql.status();
        return transaction->commit();
    }

    const SampleRequest &m_request;
    const Environment &m_host;
    const Progress &m_progress;
    std::shared_ptr<FixedClock> m_clock;
    SeededRandomness m_numbers;
    Environment m_environment;
    std::unique_ptr<Session> m_session;
    std::shared_ptr<crypto::SigningKey> m_administratorKey;
    std::map<std::string, std::pair<Person, std::shared_ptr<crypto::SigningKey>>> m_people;
    Rule m_aucRule;
};

} // namespace

Status makeSample(const SampleRequest &request, const Environment &environment, const Progress &progress)
{
    std::error_code ignored;
    if (std::filesystem::exists(request.file, ignored))
        return Error{ErrorKind::Conflict, "The file " + request.file.string() + " exists already. Choose another name.", {}};
    Status status;
    {
        SampleBuilder builder(request, environment, progress);
        status = builder.build();
    }
    if (!status)
        for (const char *suffix : {"", "-journal"})
            std::filesystem::remove(request.file.string() + suffix, ignored);
    return status;
}

} // namespace countersign::services
