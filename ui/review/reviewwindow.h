#pragma once

#include "models/services/workspace/workspace.h"
#include "ui/review/reviewcase.h"

#include <QPointer>
#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <set>

class QPushButton;
class QStackedWidget;

namespace countersign::print {
class PageView;
class PdfJob;
} // namespace countersign::print
namespace countersign::widgets {
class Pane;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class ReceiptView;
class SectionList;
class SignaturePanel;
class StepStrip;

/// The sign-off ceremony in a window of its own: read the pages of a frozen bundle, decide, sign. It can be signed only when every section
/// was on screen, the words fit, and nothing changed since the freeze; the window looks for changes by others every few seconds, and
/// services::sign looks once more. It deletes itself when closed, and cannot be closed while a signature is on its way.
class ReviewWindow : public QWidget
{
    Q_OBJECT
public:
    ReviewWindow(services::Workspace &workspace, ReviewCase review, QWidget *parent = nullptr);

    const VersionId &version() const { return m_case.bundle.version; }
    bool isSigned() const { return m_isSigned; }

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool event(QEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeChangeBar();
    QWidget *makeReading();
    void connectSignals();
    void showCase();
    void drawRendering();
    void showProgress();
    void showPlace();
    void goOn();   ///< to what was not yet on screen
    void goBack();
    void setZoom(double factor);
    QStringList unseen() const;
    QString obstacle() const;

    void lookForChanges();
    void compareWithNow();
    void showChanges(const std::vector<std::string> &changes);
    void freezeAgain();
    void sign();
    void submit(services::SignRequest request, const std::shared_ptr<crypto::Secret> &passphrase);
    void showReceipt(const services::SignReceipt &receipt, const Bytes &proof);
    void followWorkspace();

    services::Workspace &m_workspace;
    ReviewCase m_case;
    LedgerId m_ledger;
    std::set<std::string> m_shown;        ///< titles of sections that were on screen
    std::vector<std::string> m_changes;   ///< since the freeze
    QTimer m_watch;
    QPointer<print::PdfJob> m_drawing;    ///< of the pages as they are on the screen; none: drawn, or it failed
    std::optional<services::Rendering> m_rendering;
    QString m_renderingTrouble;
    bool m_isLooking = false;
    bool m_isFreezing = false;
    bool m_isSigning = false;
    std::function<void()> m_whenDrawn;    ///< a signature that waits for the pages
    bool m_isSigned = false;
    bool m_fitsWidth = true;

    widgets::PlainLabel *m_title;
    widgets::PlainLabel *m_frozen;
    StepStrip *m_steps;
    QWidget *m_changeBar = nullptr;
    widgets::PlainLabel *m_changeSentence;
    widgets::PlainLabel *m_changeList;
    QPushButton *m_freeze;
    widgets::PlainLabel *m_shownCount;
    SectionList *m_sections;
    widgets::PlainLabel *m_sectionTitle;
    widgets::PlainLabel *m_place;
    widgets::PlainLabel *m_zoom;
    print::PageView *m_pages;
    QStackedWidget *m_side;
    SignaturePanel *m_panel;
    ReceiptView *m_receipt;
};

/// Freezes the version and opens the ceremony over `parent`; a ceremony for the same version that is open already comes to the front
/// instead. `failed` is told why none could be opened. Does not wait.
void openReview(services::Workspace &workspace, const VersionId &version, QWidget *parent, std::function<void(const Error &)> failed);

} // namespace countersign::pages
