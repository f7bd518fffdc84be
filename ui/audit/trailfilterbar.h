#pragma once

#include "models/domain/people.h"
#include "models/store/queries/queries.h"
#include "ui/widgets/cards/ground.h"

#include <vector>

class QComboBox;
class QDateEdit;
class QMenu;
class QPushButton;

namespace countersign::widgets {
class PlainLabel;
class SearchField;
} // namespace countersign::widgets

namespace countersign::pages {

/// Kind, person, time and words that the trail is restricted to.
class TrailFilterBar : public widgets::Pane
{
    Q_OBJECT
public:
    explicit TrailFilterBar(QMenu *columns, QWidget *parent = nullptr);

    void setPeople(const std::vector<Person> &people); ///< keeps the choice
    void setCount(int shown, std::uint64_t all);
    void setFirstDay(const QDate &day); ///< of the ledger: where chosen days begin
    bool isFiltering() const;
    store::TrailFilter filter() const;
    void clear();
    widgets::SearchField *search() const { return m_search; }

Q_SIGNALS:
    void changed();

private:
    void followPeriod();

    widgets::SearchField *m_search;
    QComboBox *m_kind;
    QComboBox *m_who;
    QComboBox *m_period;
    QDateEdit *m_from;
    QDateEdit *m_to;
    QPushButton *m_clear;
    widgets::PlainLabel *m_count;
};

} // namespace countersign::pages
