#include "models/store/guards/postgresscripts.h"

#include "models/store/schema.h"

#include <QRegularExpression>

#include <algorithm>

namespace countersign::store {

namespace {

/// As database::migrate() makes it, before the first step.
constexpr const char *kMigrationTable = "CREATE TABLE schema_migration (\n    number BIGINT PRIMARY KEY,\n    name TEXT NOT NULL,\n    digest TEXT NOT NULL,\n    applied_at BIGINT NOT NULL\n)";

/// What row-level security says, as PostgreSQL tells it: the scripts' own expressions come back in another form.
const std::map<PostgresScripts::OfTable, std::string> &policyTexts()
{
    static const std::map<PostgresScripts::OfTable, std::string> texts = {
        {{"entry", "entry_read"}, "SELECT using ( SELECT may_read() AS may_read)"},
        {{"entry", "entry_append"}, "INSERT check true"},
        {{"evidence", "evidence_read"}, "SELECT using ( SELECT may_read() AS may_read)"},
        {{"evidence", "evidence_append"}, "INSERT check true"},
        {{"wrapped_key", "wrapped_key_own"}, "ALL using ((NOT (EXISTS ( SELECT 1 FROM duty))) OR (person = ( SELECT my_person() AS my_person))) check true"},
    };
    return texts;
}

QRegularExpression pattern(const char *text) { return QRegularExpression(QString::fromLatin1(text), QRegularExpression::DotMatchesEverythingOption | QRegularExpression::MultilineOption); }

std::string captured(const QRegularExpressionMatch &match, int place) { return match.captured(place).simplified().toStdString(); }

class Reading
{
public:
    PostgresScripts read()
    {
        statement(QString::fromLatin1(kMigrationTable));
        for (const auto &step : migrations(database::Backend::Postgres))
            for (const auto &text : step.statements)
                statement(QString::fromStdString(text));
        for (const auto &[name, columns] : m_made.tables)
            if (!isLeftToFunctions(name)) {
                m_made.triggers[{name, name + "_door"}] = "BEFORE INSERT OR DELETE OR UPDATE, each statement: check_door";
                m_made.triggers[{name, name + "_truncate"}] = "BEFORE TRUNCATE, each statement: check_door";
            }
        return std::move(m_made);
    }

private:
    void statement(const QString &text)
    {
        static const auto comment = pattern("^\\s*--[^\\n]*$");
        if (function(text))
            return; // what a body makes is made when it runs
        QString bare = text;
        bare.remove(comment);
        bare = bare.trimmed();
        if (bare.startsWith(QLatin1String("CREATE TABLE ")))
            table(bare);
        else if (bare.startsWith(QLatin1String("ALTER TABLE ")))
            alter(bare);
        else if (bare.startsWith(QLatin1String("DROP ")))
            drop(bare);
        else
            other(bare);
    }

    bool function(const QString &text)
    {
        static const auto form = pattern("CREATE (?:OR REPLACE )?FUNCTION (\\w+)(\\([^)]*\\)) RETURNS (.*?)\\s+LANGUAGE (\\w+)(.*?)AS \\$\\$(.*)\\$\\$");
        const auto match = form.match(text);
        if (!match.hasMatch())
            return false;
        const QString more = match.captured(5);
        std::string said = captured(match, 2) + " RETURNS " + match.captured(3).simplified().replace(QLatin1String("TABLE ("), QLatin1String("TABLE(")).toStdString() + " " + captured(match, 4);
        said += more.contains(QLatin1String("IMMUTABLE")) ? " immutable" : more.contains(QLatin1String("STABLE")) ? " stable" : " volatile";
        said += more.contains(QLatin1String("STRICT")) ? " strict" : "";
        said += more.contains(QLatin1String("SECURITY DEFINER")) ? " definer" : "";
        said += more.contains(QLatin1String("SET search_path FROM CURRENT")) ? " searching here" : "";
        m_made.functions[captured(match, 1)] = {match.captured(6).toStdString(), said};
        return true;
    }

    void table(const QString &text)
    {
        static const auto form = pattern("^CREATE TABLE (\\w+) \\(\\n(.*)\\n\\)$");
        const auto match = form.match(text);
        const std::string name = captured(match, 1);
        m_made.tables[name];
        for (const QString &line : match.captured(2).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            QString part = line.trimmed();
            if (part.endsWith(QLatin1Char(',')))
                part.chop(1);
            if (part.startsWith(QLatin1String("PRIMARY KEY (")) || part.startsWith(QLatin1String("UNIQUE (")))
                constraint(name, part.toStdString());
            else if (!part.isEmpty())
                column(name, part);
        }
    }

    void column(const std::string &table, const QString &text)
    {
        static const auto form = pattern("^(\\w+) (DOUBLE PRECISION|\\w+)( COLLATE \"C\")?(.*)$");
        static const auto byDefault = pattern(" DEFAULT ('[^']*'|\\S+)");
        static const auto check = pattern(" CHECK (\\(.*\\))$");
        const auto match = form.match(text);
        const std::string name = captured(match, 1);
        const QString rest = match.captured(4);
        std::string said = match.captured(2).toLower().toStdString();
        if (said == "timestamptz")
            said = "timestamp with time zone";
        if (said == "text")
            said += match.captured(3).isEmpty() ? " in the database's order" : " in order of bytes";
        const bool isKey = rest.contains(QLatin1String(" PRIMARY KEY"));
        if (isKey || rest.contains(QLatin1String(" NOT NULL")))
            said += " not null";
        if (const auto value = byDefault.match(rest); value.hasMatch())
            said += " default " + captured(value, 1);
        m_made.tables[table][name] = said;
        if (isKey)
            constraint(table, "PRIMARY KEY (" + name + ")");
        if (rest.contains(QLatin1String(" UNIQUE")))
            constraint(table, "UNIQUE (" + name + ")");
        if (const auto condition = check.match(rest); condition.hasMatch()) {
            static const auto between = pattern("([^\\s(]\\S*) BETWEEN (\\d+) AND (\\d+)");
            constraint(table, "CHECK " + bareExpression(QString(condition.captured(1)).replace(between, QStringLiteral("\\1 >= \\2 AND \\1 <= \\3")).toStdString()));
        }
    }

    void constraint(const std::string &table, const std::string &text)
    {
        auto &constraints = m_made.constraints[table];
        if (text.starts_with("PRIMARY KEY")) {
            std::erase_if(constraints, [](const std::string &one) { return one.starts_with("PRIMARY KEY"); });
            for (auto &[name, said] : m_made.tables[table])
                if (said.find(" not null") == std::string::npos && QString::fromStdString(text).contains(pattern(("\\b" + name + "\\b").c_str())))
                    said += " not null";
        }
        constraints.insert(text);
    }

    void alter(const QString &text)
    {
        static const auto form = pattern("^ALTER TABLE (\\w+) (.*)$");
        const auto match = form.match(text);
        const std::string table = captured(match, 1);
        static const auto next = pattern(", (?=ADD |DROP |ENABLE |FORCE )");
        for (const QString &part : match.captured(2).split(next)) {
            if (part.startsWith(QLatin1String("ADD COLUMN ")))
                column(table, part.mid(11));
            else if (part.startsWith(QLatin1String("ADD PRIMARY KEY")))
                constraint(table, part.mid(4).toStdString());
            else if (part.startsWith(QLatin1String("DROP COLUMN ")))
                m_made.tables[table].erase(part.mid(12).toStdString());
            else if (part == QLatin1String("FORCE ROW LEVEL SECURITY"))
                m_made.secured.insert(table);
        }
    }

    void drop(const QString &text)
    {
        static const auto form = pattern("^DROP (FUNCTION|TABLE|INDEX|TRIGGER|POLICY) (\\w+)(?:\\([^)]*\\))?(?: ON (\\w+))?");
        const auto match = form.match(text);
        const std::string what = captured(match, 1);
        const std::string name = captured(match, 2);
        if (what == "FUNCTION")
            m_made.functions.erase(name);
        else if (what == "TABLE")
            dropTable(name);
        else if (what == "INDEX")
            m_made.indexes.erase(name);
        else
            (what == "TRIGGER" ? m_made.triggers : m_made.policies).erase({captured(match, 3), name});
    }

    void dropTable(const std::string &name)
    {
        m_made.tables.erase(name);
        m_made.constraints.erase(name);
        m_made.secured.erase(name);
        std::erase_if(m_made.indexes, [&](const auto &index) { return index.second.find(" ON " + name + " (") != std::string::npos; });
        for (auto *of : {&m_made.triggers, &m_made.policies})
            std::erase_if(*of, [&](const auto &one) { return one.first.first == name; });
    }

    void other(const QString &text)
    {
        static const auto trigger = pattern("CREATE (CONSTRAINT )?TRIGGER (\\w+) (BEFORE|AFTER) (.*?) ON (\\w+) (DEFERRABLE INITIALLY DEFERRED )?FOR EACH (ROW|STATEMENT) EXECUTE FUNCTION (\\w+)\\(");
        static const auto index = pattern("^CREATE (?:UNIQUE )?INDEX (\\w+) ON ");
        static const auto policy = pattern("^CREATE POLICY (\\w+) ON (\\w+) ");
        if (const auto match = trigger.match(text); match.hasMatch()) {
            std::string events;
            for (const char *event : {"INSERT", "DELETE", "UPDATE", "TRUNCATE"})
                if (match.captured(4).contains(QLatin1String(event)))
                    events += (events.empty() ? "" : " OR ") + std::string(event);
            m_made.triggers[{captured(match, 5), captured(match, 2)}] = captured(match, 3) + " " + events + (match.captured(1).isEmpty() ? "" : ", constraint")
                + (match.captured(6).isEmpty() ? "" : ", deferred") + ", each " + match.captured(7).toLower().toStdString() + ": " + captured(match, 8);
        } else if (const auto made = index.match(text); made.hasMatch()) {
            m_made.indexes[captured(made, 1)] = text.simplified().toStdString();
        } else if (const auto says = policy.match(text); says.hasMatch()) {
            const PostgresScripts::OfTable key{captured(says, 2), captured(says, 1)};
            const auto known = policyTexts().find(key);
            m_made.policies[key] = known == policyTexts().end() ? std::string() : known->second;
        }
    }

    PostgresScripts m_made;
};

} // namespace

bool isLeftToFunctions(const std::string &table)
{
    static const std::set<std::string> tables = {"entry", "evidence", "ledger_head", "checkpoint", "wrapped_key", "schema_migration", "duty", "login_person", "rehearsal"};
    return tables.contains(table);
}

const PostgresScripts &postgresScripts()
{
    static const PostgresScripts scripts = Reading().read();
    return scripts;
}

std::string bareExpression(const std::string &text)
{
    static const auto added = pattern("[\\s()]|::\\w+");
    return QString::fromStdString(text).remove(added).toStdString();
}

} // namespace countersign::store
