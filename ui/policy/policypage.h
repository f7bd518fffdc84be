#pragma once

#include "models/items/review/rulestable.h"
#include "models/services/workspace/workspace.h"
#include "ui/policy/limitdialog.h"
#include "ui/widgets/frame/readingpage.h"

#include <QPointer>

class QPushButton;

namespace countersign::widgets {
class PageHeader;
class PlainLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// The limits that models are judged by, each as a sentence with what it finds now; setting, changing and retiring them with a
/// signature. A target's `extra` is the id of a limit to select.
class PolicyPage : public widgets::ReadingPage
{
    Q_OBJECT
public:
    explicit PolicyPage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    void open(const widgets::Target &target) override;
    QWidget *initialFocus() override;

protected:
    bool canRead() const override;
    void read() override;

private:
    struct View {
        std::vector<items::LimitRow> limits;
        std::vector<std::string> metrics;
    };
    struct Done {
        RuleId rule;
        store::RuleUsage usage;
    };
    void connectSignals();
    void workspaceChanged();
    void showView(const View &view);
    const items::LimitRow *chosen() const; ///< null: none
    void follow();
    void openDialog(bool isChange);
    void submit(const LimitDraft &draft);
    void retire();
    QString askSignature(const QString &title);
    void tellImpact(const Done &done, const QString &what);
    static Result<View> readView(services::Session &session);

    services::Workspace &m_workspace;
    items::RulesTable *m_rules;
    widgets::PageHeader *m_header;
    QPushButton *m_new;
    QPushButton *m_change;
    QPushButton *m_retire;
    widgets::PlainLabel *m_reason; ///< why a button is off
    widgets::TableView *m_table;
    QPointer<LimitDialog> m_dialog;

    QStringList m_metrics;
    LedgerId m_ledger;
    std::optional<RuleId> m_wanted;
    int m_generation = 0;
};

} // namespace countersign::pages
