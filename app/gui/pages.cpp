#include "app/gui/pages.h"

#include "ui/inventory/inventorypage.h"
#include "ui/shell/mainwindow.h"

#if __has_include("ui/model/modelpage.h") && defined(COUNTERSIGN_HAS_ui_model)
#include "ui/model/modelpage.h"
#define COUNTERSIGN_PAGE_MODEL
#endif
#if __has_include("ui/policy/policypage.h") && defined(COUNTERSIGN_HAS_ui_policy)
#include "ui/policy/policypage.h"
#define COUNTERSIGN_PAGE_POLICY
#endif
#if __has_include("ui/audit/auditpage.h") && defined(COUNTERSIGN_HAS_ui_audit)
#include "ui/audit/auditpage.h"
#define COUNTERSIGN_PAGE_AUDIT
#endif
#if __has_include("ui/people/peoplepage.h") && defined(COUNTERSIGN_HAS_ui_people)
#include "ui/people/peoplepage.h"
#define COUNTERSIGN_PAGE_PEOPLE
#endif
#if __has_include("ui/import/importpage.h") && defined(COUNTERSIGN_HAS_ui_import)
#include "ui/import/importpage.h"
#define COUNTERSIGN_PAGE_IMPORT
#endif

#include <QCoreApplication>

namespace countersign::gui {

using shell::InRail;

void addPages(shell::MainWindow &window, services::Workspace &workspace)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Pages", text); };
    window.addPage(QStringLiteral("inventory"), tr("Inventory"), QStringLiteral("inventory"), new pages::InventoryPage(workspace), InRail::Yes);
#ifdef COUNTERSIGN_PAGE_POLICY
    window.addPage(QStringLiteral("policy"), tr("Policies"), QStringLiteral("policy"), new pages::PolicyPage(workspace), InRail::Yes);
#endif
#ifdef COUNTERSIGN_PAGE_AUDIT
    window.addPage(QStringLiteral("audit"), tr("Audit Trail"), QStringLiteral("audit"), new pages::AuditPage(workspace), InRail::Yes);
#endif
#ifdef COUNTERSIGN_PAGE_PEOPLE
    window.addPage(QStringLiteral("people"), tr("People"), QStringLiteral("user"), new pages::PeoplePage(workspace), InRail::Yes);
#endif
#ifdef COUNTERSIGN_PAGE_MODEL
    window.addPage(QStringLiteral("model"), tr("Model"), QStringLiteral("chart"), new pages::ModelPage(workspace), InRail::No);
#endif
#ifdef COUNTERSIGN_PAGE_IMPORT
    window.addPage(QStringLiteral("import"), tr("Import"), QStringLiteral("import"), new pages::ImportPage(workspace), InRail::No);
#endif
}

} // namespace countersign::gui
