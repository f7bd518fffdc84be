#include "app/gui/pages.h"

#include "ui/audit/auditpage.h"
#include "ui/import/importpage.h"
#include "ui/inventory/inventorypage.h"
#include "ui/model/modelpage.h"
#include "ui/people/peoplepage.h"
#include "ui/policy/policypage.h"
#include "ui/report/reportpage.h"
#include "ui/shell/mainwindow.h"
#include "ui/whatif/whatifpage.h"

#include <QCoreApplication>

namespace countersign::gui {

using shell::InRail;

void addPages(shell::MainWindow &window, services::Workspace &workspace, const std::filesystem::path &cache)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Pages", text); };
    const auto add = [&window](const QString &key, const QString &title, const QString &icon, widgets::Page *page, InRail inRail) {
        window.addPage(key, title, icon, page, inRail);
    };
    add(QStringLiteral("inventory"), tr("Inventory"), QStringLiteral("inventory"), new pages::InventoryPage(workspace), InRail::Yes);
    add(QStringLiteral("policy"), tr("Limits"), QStringLiteral("policy"), new pages::PolicyPage(workspace), InRail::Yes);
    add(QStringLiteral("audit"), tr("Audit Trail"), QStringLiteral("audit"), new pages::AuditPage(workspace), InRail::Yes);
    add(QStringLiteral("import"), tr("Import"), QStringLiteral("import"), new pages::ImportPage(workspace, cache / "tables"), InRail::Yes);
    add(QStringLiteral("people"), tr("People"), QStringLiteral("user"), new pages::PeoplePage(workspace), InRail::Yes);
    add(QStringLiteral("model"), tr("Model"), QStringLiteral("chart"), new pages::ModelPage(workspace), InRail::No);
    add(QStringLiteral("report"), tr("Report"), QStringLiteral("report"), new pages::ReportPage(workspace), InRail::No);
    add(QStringLiteral("whatif"), tr("What If"), QStringLiteral("settings"), new pages::WhatIfPage(workspace, cache / "tables"), InRail::No);
}

} // namespace countersign::gui
