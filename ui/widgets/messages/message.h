#pragma once

#include "models/base/result.h"
#include "ui/theme/state.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <functional>

namespace countersign::widgets {

enum class Tone { Info, Good, Warning, Error };

/// What the glyph and tint of a tone are.
theme::State stateOf(Tone tone);

/// One sentence for the message bar, with what can be done about it.
struct Message {
    struct Action {
        QString text; ///< "Retry"
        std::function<void()> run;
    };
    Tone tone = Tone::Info;
    QString text;
    QList<Action> actions;

    static Message info(const QString &text) { return {Tone::Info, text, {}}; }
    static Message good(const QString &text) { return {Tone::Good, text, {}}; }
    static Message warning(const QString &text) { return {Tone::Warning, text, {}}; }
    static Message error(const Error &error) { return {Tone::Error, QString::fromStdString(error.text()), {}}; }
};

} // namespace countersign::widgets

Q_DECLARE_METATYPE(countersign::widgets::Message)
