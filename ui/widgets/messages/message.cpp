#include "ui/widgets/messages/message.h"

namespace countersign::widgets {

theme::State stateOf(Tone tone)
{
    switch (tone) {
    case Tone::Info: return theme::State::NotJudged;
    case Tone::Good: return theme::State::Pass;
    case Tone::Warning: return theme::State::Watch;
    case Tone::Error: return theme::State::Fail;
    }
    return theme::State::NotJudged;
}

} // namespace countersign::widgets
