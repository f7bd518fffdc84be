#pragma once

#include "models/services/workspace/workspace.h"

#include <QWidget>

#include <optional>
#include <string>

class QCheckBox;
class QComboBox;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// Whose figures are recorded.
struct LogSubject {
    std::optional<VersionId> version; ///< none: `model` and `label` are registered with the import, where they are new
    std::string model;                ///< id of a known one, name of a new one
    std::string label;
};

/// Which version of which model a log is of. The models of the workspace are offered (the first thousand by name); any other name can be typed,
/// and one that is not in the inventory is registered with the import when that is agreed to in words.
class SubjectBar : public QWidget
{
    Q_OBJECT
public:
    explicit SubjectBar(services::Workspace &workspace, QWidget *parent = nullptr);

    void readModels();
    /// Chooses a model and version beforehand; ids as in a Target. Empty: keeps what is chosen.
    void choose(const QString &model, const QString &version);
    /// What was chosen or agreed to; nothing while it is not, and then the bar says so and has the focus.
    std::optional<LogSubject> check();
    /// What is wrong, in words, hidden while nothing is. Whoever has the bar gives it a line of its own.
    QWidget *trouble() const;
    QString text() const; ///< "credit-pd 3"
    QString modelId() const; ///< empty: none of that name, or several

private:
    void readVersions();
    std::optional<ModelId> listed() const; ///< of the list, by the name in the field
    std::optional<VersionId> version() const;
    bool isNew() const; ///< model or version would be registered
    void offerToRegister();
    void showTrouble(const QString &sentence);

    services::Workspace &m_workspace;
    QComboBox *m_model;
    QComboBox *m_version;
    widgets::PlainLabel *m_trouble;
    QCheckBox *m_register;
    std::optional<std::size_t> m_namesakes; ///< models of the name in the field; none: not known yet
    std::optional<ModelId> m_known;         ///< the one model of that name
    QString m_wantedModel;
    QString m_wantedVersion;
    int m_generation = 0;
};

} // namespace countersign::pages
