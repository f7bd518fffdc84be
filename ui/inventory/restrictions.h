#pragma once

#include "models/store/queries/inventoryquery.h"
#include "ui/widgets/fields/facetlist.h"

#include <QList>
#include <QString>

/// A filter of the inventory in words: facets to tick, and one chip for each restriction.
namespace countersign::pages {

/// Keys of the facet groups.
namespace facet {
inline const QString kText = QStringLiteral("text");
inline const QString kVerdict = QStringLiteral("verdict");
inline const QString kTier = QStringLiteral("tier");
inline const QString kStage = QStringLiteral("stage");
inline const QString kOwner = QStringLiteral("owner");
inline const QString kSigned = QStringLiteral("signed");
} // namespace facet

/// Every facet with its counts; what is ticked but has no rows any more stays, so that it can be unticked.
QList<widgets::FacetGroup> facetGroups(const store::InventoryFacets &facets, const store::InventoryFilter &filter);

/// The filter with one facet's ticks replaced.
store::InventoryFilter withTicks(store::InventoryFilter filter, const QString &group, const QStringList &keys);
/// The filter without one restriction.
store::InventoryFilter without(store::InventoryFilter filter, const QString &group);

/// "verdict is" "Fail or Watch".
struct Restriction {
    QString group;
    QString words;
    QString value;
};
QList<Restriction> restrictions(const store::InventoryFilter &filter);

/// "37 of 412 models. 6 fail a limit; 3 sign-offs are stale."
QString inventorySentence(const store::InventoryFacets &facets, const store::InventoryFilter &filter, int shown);

} // namespace countersign::pages
