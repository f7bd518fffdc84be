#pragma once

#include "models/services/workspace/workspace.h"

#include <QWidget>

class QComboBox;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// Which version of which model a log is of. The models of the workspace are offered (the first thousand by name); any other name can be typed.
class SubjectBar : public QWidget
{
    Q_OBJECT
public:
    explicit SubjectBar(services::Workspace &workspace, QWidget *parent = nullptr);

    void readModels();
    /// Chooses a model and version beforehand; ids as in a Target. Empty: keeps what is chosen.
    void choose(const QString &model, const QString &version);
    /// The chosen version; nothing while none is known, and then the field says so and has the focus.
    std::optional<VersionId> check();
    std::optional<VersionId> version() const;
    QString text() const; ///< "credit-pd 3"
    QString modelId() const;

private:
    void readVersions();
    void showTrouble(const QString &sentence);

    services::Workspace &m_workspace;
    QComboBox *m_model;
    QComboBox *m_version;
    widgets::PlainLabel *m_trouble;
    QString m_wantedModel;
    QString m_wantedVersion;
    int m_generation = 0;
};

} // namespace countersign::pages
