#pragma once

#include <QListWidget>
#include <set>

namespace countersign::pages {

/// The sections of the document at hand: an eye before those that were all on screen, a ring before the others, "changed" behind
/// those that differ. Choosing one is asking for it.
class SectionList : public QListWidget
{
    Q_OBJECT
public:
    explicit SectionList(QWidget *parent = nullptr);

    void setSections(const QStringList &titles, const std::set<int> &changed);
    void setShown(int section, bool isShown);
    bool isShown(int section) const;
    void setCurrentSection(int section); ///< does not emit

Q_SIGNALS:
    void sectionChosen(int section);

private:
    void describe(QListWidgetItem &item) const;
};

} // namespace countersign::pages
