#include "models/items/review/keytable.h"

#include "models/domain/judgement.h"
#include "models/items/celltext.h"

#include <QLocale>

namespace countersign::items {

namespace {

using store::KeyState;

VerdictState verdictOf(KeyState state)
{
    switch (state) {
    case KeyState::Awaiting:
        return VerdictState::Watch;
    case KeyState::InUse:
        return VerdictState::Pass;
    case KeyState::Replaced:
        return VerdictState::NotJudged;
    case KeyState::Revoked:
        break;
    }
    return VerdictState::Fail;
}

QString number(std::int64_t entry)
{
    return QLocale().toString(static_cast<qlonglong>(entry));
}

} // namespace

QString KeyTable::stateWord(KeyState state)
{
    switch (state) {
    case KeyState::Awaiting:
        return tr("Awaits confirmation");
    case KeyState::InUse:
        return tr("Signs");
    case KeyState::Replaced:
        return tr("Replaced");
    case KeyState::Revoked:
        return tr("Revoked");
    }
    return {};
}

QString KeyTable::told(const store::KeyRecord &key)
{
    QString text;
    switch (key.state()) {
    case KeyState::Awaiting:
        text = tr("proposed in entry %1 by %2; another administrator confirms it")
                   .arg(number(key.enrolledAt), oneLine(key.enrolledByName));
        break;
    case KeyState::InUse:
        text = key.confirmedIn
                   ? tr("since entry %1, confirmed by %2").arg(number(*key.confirmedIn), oneLine(key.confirmedByName))
                   : tr("since entry %1").arg(number(key.enrolledAt));
        break;
    case KeyState::Replaced:
        text = tr("from entry %1 on, by %2")
                   .arg(number(*key.revokedFrom), QString::fromStdString(crypto::fingerprint(*key.replacedBy)));
        break;
    case KeyState::Revoked:
        text = tr("from entry %1 on: %2").arg(number(*key.revokedFrom), oneLine(key.reason));
        break;
    }
    if (!key.hasDisputedWindow())
        return text;
    const std::int64_t last = *key.disputedTo - 1;
    return text + QStringLiteral(". ") +
           (last == *key.revokedFrom
                ? tr("Entry %1 is disputed if it signed it.").arg(number(last))
                : tr("What it signed in entries %1 to %2 is disputed.").arg(number(*key.revokedFrom), number(last)));
}

QVariant KeyTable::cell(const services::KeyFacts &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(row, column);
    case StateRole:
        return column == State ? QVariant(static_cast<int>(verdictOf(row.record.state()))) : QVariant();
    default:
        return {};
    }
}

QString KeyTable::text(const services::KeyFacts &row, int column) const
{
    const store::KeyRecord &key = row.record;
    switch (column) {
    case Fingerprint:
        return QString::fromStdString(crypto::fingerprint(key.id));
    case Owner:
        return key.isPersons() ? oneLine(key.ownerName) : tr("a computer");
    case State:
        return stateWord(key.state());
    case Told:
        return told(key);
    case Identity:
        return oneLine(row.identity);
    default:
        return {};
    }
}

QString KeyTable::head(int column) const
{
    switch (column) {
    case Fingerprint:
        return tr("Key");
    case Owner:
        return tr("Owner");
    case State:
        return tr("State");
    case Told:
        return tr("Since when, or why");
    case Identity:
        return tr("How identity was checked");
    default:
        return {};
    }
}

} // namespace countersign::items
