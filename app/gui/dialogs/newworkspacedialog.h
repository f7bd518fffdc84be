#pragma once

#include "app/gui/dialogs/formdialog.h"
#include "models/services/people.h"

#include <QList>

#include <memory>
#include <optional>

class QCheckBox;
class QLineEdit;

namespace countersign::gui {

/// Asks for what a new workspace needs: where, its name, who founds it, and the passphrase of the founder's signing key, twice.
/// With a `place` only the people's part is asked.
class NewWorkspaceDialog : public FormDialog
{
    Q_OBJECT
public:
    explicit NewWorkspaceDialog(QWidget *parent, const std::optional<database::Location> &place = {});

    services::FounderRequest request() const;
    /// Moves it out of the field, which is emptied.
    std::shared_ptr<crypto::Secret> takePassphrase();

protected:
    bool check() override;

private:
    void addPlace();
    void addFounder();
    void addPassphrase();
    void browse();
    void suggestLogin();

    std::optional<database::Location> m_place;
    QLineEdit *m_file = nullptr;
    QLineEdit *m_origin = nullptr;
    QLineEdit *m_name = nullptr;
    QLineEdit *m_login = nullptr;
    QLineEdit *m_passphrase = nullptr;
    QLineEdit *m_again = nullptr;
    widgets::FormField *m_fileField = nullptr;
    widgets::FormField *m_nameField = nullptr;
    widgets::FormField *m_loginField = nullptr;
    widgets::FormField *m_passphraseField = nullptr;
    widgets::FormField *m_againField = nullptr;
    QList<QCheckBox *> m_roles; ///< in the order of kAllRoles, Administrator left out: the founder is one always
};

} // namespace countersign::gui
