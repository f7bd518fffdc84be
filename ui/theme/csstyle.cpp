#include "ui/theme/csstyle.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QTextEdit>
#include <QToolButton>

namespace countersign::theme {

namespace {

bool isTextArea(const QWidget *widget)
{
    return qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTextEdit *>(widget);
}

bool obeysWheelOnlyWithFocus(const QObject *object)
{
    return qobject_cast<const QComboBox *>(object) || qobject_cast<const QAbstractSpinBox *>(object)
        || (qobject_cast<const QAbstractSlider *>(object) && !qobject_cast<const QScrollBar *>(object));
}

// Fusion paints a selected cell with Highlight; ours is a soft fill under unchanged text.
QStyleOptionViewItem softSelection(const QStyleOptionViewItem &option)
{
    const Tokens &t = current();
    const bool isActive = option.state & QStyle::State_Active;
    QStyleOptionViewItem soft = option;
    soft.palette.setColor(QPalette::HighlightedText, isActive ? t.selectionText : t.text);
    soft.palette.setColor(QPalette::Highlight, isActive ? t.selection : t.selectionIdle);
    return soft;
}

void drawItemPanel(const QStyleOptionViewItem &option, QPainter &painter)
{
    const Tokens &t = current();
    if (option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, option.state & QStyle::State_Active ? t.selection : t.selectionIdle);
    else if (option.backgroundBrush.style() != Qt::NoBrush)
        painter.fillRect(option.rect, option.backgroundBrush);
    else if ((option.state & QStyle::State_MouseOver) && (option.state & QStyle::State_Enabled))
        painter.fillRect(option.rect, t.hover);
}

void drawFrame(const QStyleOption &option, QPainter &painter, const QWidget *widget)
{
    if (isTextArea(widget))
        parts::drawField(option, painter, widget);
    else if (widget && widget->isWindow()) // a list that pops up, as a completer's
        paintRounded(painter, option.rect, 0, QColor(), current().control);
    else if (!qobject_cast<const QAbstractScrollArea *>(widget))
        paintRounded(painter, option.rect, 0, QColor(), current().hair);
}

void drawLine(const QStyleOptionFrame &option, QPainter &painter)
{
    const QRect r = option.rect;
    if (option.frameShape == QFrame::HLine)
        painter.fillRect(QRect(r.x(), r.center().y(), r.width(), 1), current().hair);
    else
        painter.fillRect(QRect(r.center().x(), r.y(), 1, r.height()), current().hair);
}

void drawSplitter(const QStyleOption &option, QPainter &painter)
{
    const QRect r = option.rect;
    const bool isOver = option.state & (QStyle::State_MouseOver | QStyle::State_Sunken);
    const QColor colour = isOver ? current().control : current().hair;
    if (option.state & QStyle::State_Horizontal)
        painter.fillRect(QRect(r.center().x(), r.y(), 1, r.height()), colour);
    else
        painter.fillRect(QRect(r.x(), r.center().y(), r.width(), 1), colour);
}

void drawBranch(const QStyleOption &option, QPainter &painter)
{
    if (!(option.state & QStyle::State_Children))
        return;
    const int side = scaled(12);
    const QRect box(option.rect.right() - side - 2, option.rect.center().y() - side / 2 + 1, side, side);
    const bool isOpen = option.state & QStyle::State_Open;
    const QString closed = option.direction == Qt::RightToLeft ? QStringLiteral("back") : QStringLiteral("right");
    paintIcon(painter, isOpen ? QStringLiteral("down") : closed, box, current().secondary);
}

// A scroll bar stands on the ground of the view that it moves.
QPalette::ColorRole groundOf(const QWidget *scrollBar)
{
    for (const QWidget *up = scrollBar; up; up = up->parentWidget()) {
        if (const auto *area = qobject_cast<const QAbstractScrollArea *>(up))
            return area->viewport()->backgroundRole();
    }
    return QPalette::Base;
}

} // namespace

CsStyle::CsStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void CsStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (element) {
    case CE_PushButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            parts::drawButtonBevel(*button, *painter, widget);
            return parts::drawButtonLabel(*button, *painter, widget);
        }
        break;
    case CE_ComboBoxLabel:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option))
            return parts::drawComboLabel(*combo, *painter);
        break;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return parts::drawMenuItem(*item, *painter);
        break;
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return parts::drawMenuBarItem(*item, *painter);
        break;
    case CE_MenuBarEmptyArea: painter->fillRect(option->rect, current().window); return;
    case CE_MenuEmptyArea: return;
    case CE_TabBarTab:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            return parts::drawTab(*tab, *painter);
        break;
    case CE_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            return parts::drawHeaderSection(*header, *painter);
        break;
    case CE_Header:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            parts::drawHeaderSection(*header, *painter);
            return parts::drawHeaderLabel(*header, *painter);
        }
        break;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            return parts::drawHeaderLabel(*header, *painter);
        break;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, current().page);
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1), current().hair);
        return;
    case CE_ProgressBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option))
            return parts::drawProgress(*bar, *painter);
        break;
    case CE_Splitter: return drawSplitter(*option, *painter);
    case CE_SizeGrip: return;
    case CE_ShapedFrame:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option)) {
            if (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)
                return drawLine(*frame, *painter);
            if (frame->frameShape != QFrame::NoFrame)
                return drawFrame(*frame, *painter, widget);
            return;
        }
        break;
    case CE_ItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            const QStyleOptionViewItem soft = softSelection(*item);
            return QProxyStyle::drawControl(element, &soft, painter, widget);
        }
        break;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void CsStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const Tokens &t = current();
    switch (element) {
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option)) {
            if (frame->lineWidth > 0)
                parts::drawField(*option, *painter, widget);
            return;
        }
        break;
    case PE_FrameLineEdit: return parts::drawField(*option, *painter, widget);
    case PE_Frame: return drawFrame(*option, *painter, widget);
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            paintFocusRing(*painter, option->rect, radius::kCheck);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: return parts::drawCheck(*option, *painter);
    case PE_IndicatorRadioButton: return parts::drawRadio(*option, *painter);
    case PE_PanelMenu: painter->fillRect(option->rect, t.raised); return;
    case PE_FrameMenu: return paintRounded(*painter, option->rect, 0, QColor(), t.control);
    case PE_PanelTipLabel: painter->fillRect(option->rect, t.toolTip); return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1), t.hair);
        return;
    case PE_FrameTabWidget: return;
    case PE_FrameStatusBarItem: return;
    case PE_FrameGroupBox: return;
    case PE_PanelMenuBar: painter->fillRect(option->rect, t.window); return;
    case PE_IndicatorBranch: return drawBranch(*option, *painter);
    case PE_PanelItemViewRow: return;
    case PE_PanelItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option))
            return drawItemPanel(*item, *painter);
        break;
    default: break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void CsStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                 const QWidget *widget) const
{
    switch (control) {
    case CC_ComboBox:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option))
            return parts::drawCombo(*combo, *painter, widget);
        break;
    case CC_SpinBox:
        if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option))
            return parts::drawSpinBox(*spin, *painter, widget);
        break;
    case CC_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option))
            return parts::drawToolButton(*button, *painter, widget);
        break;
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return parts::drawScrollBar(*bar, *painter, parts::scrollBarPart(*bar, SC_ScrollBarSlider), groundOf(widget));
        break;
    default: break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect CsStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part, const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return parts::scrollBarPart(*bar, part);
    }
    if (control == CC_SpinBox) {
        if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option))
            return parts::spinBoxPart(*spin, part);
    }
    if (control == CC_ComboBox) {
        const QRect r = option->rect;
        if (part == SC_ComboBoxEditField)
            return visualRect(option->direction, r, r.adjusted(scaled(6), 2, -scaled(26), -2));
        if (part == SC_ComboBoxArrow)
            return visualRect(option->direction, r, QRect(r.right() - scaled(26), r.y(), scaled(26), r.height()));
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect CsStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_LineEditContents) {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            return option->rect.adjusted(scaled(6), 1, -scaled(6), -1);
    }
    if (element == SE_PushButtonContents)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QSize CsStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents, const QWidget *widget) const
{
    switch (type) {
    case CT_PushButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option))
            return parts::buttonSize(*button, widget);
        break;
    case CT_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option))
            return parts::toolButtonSize(*button);
        break;
    case CT_ComboBox:
        return QSize(contents.width() + scaled(38), qMax(scaled(height::kControl), contents.height() + scaled(8)));
    case CT_LineEdit:
        return QSize(contents.width() + scaled(12), qMax(scaled(height::kControl), contents.height() + scaled(8)));
    case CT_SpinBox: return QSize(contents.width() + scaled(28), qMax(scaled(height::kControl), contents.height()));
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return parts::menuItemSize(*item, contents);
        break;
    case CT_MenuBarItem: return QSize(contents.width() + scaled(24), qMax(scaled(height::kMenu), contents.height() + scaled(10)));
    case CT_TabBarTab:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            return parts::tabSize(*tab);
        break;
    case CT_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            return parts::headerSize(*header);
        break;
    case CT_ProgressBar: return QSize(qMax(contents.width(), scaled(80)), scaled(8));
    case CT_ItemViewItem: {
        const QSize base = QProxyStyle::sizeFromContents(type, option, contents, widget);
        return QSize(base.width() + scaled(8), qMax(base.height(), scaled(height::kRowCompact)));
    }
    default: break;
    }
    return QProxyStyle::sizeFromContents(type, option, contents, widget);
}

int CsStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return scaled(15);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return scaled(8);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical: return 0;
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap: return 0;
    case PM_TabBarTabHSpace: return scaled(20);
    case PM_DefaultFrameWidth:
        if (isTextArea(widget))
            return scaled(6);
        return qobject_cast<const QAbstractScrollArea *>(widget) && !widget->isWindow() ? 0 : 1;
    case PM_SplitterWidth: return 1;
    case PM_ScrollBarExtent: return scaled(12);
    case PM_ScrollBarSliderMin: return scaled(28);
    case PM_ScrollView_ScrollBarSpacing: return 0;
    case PM_MenuPanelWidth: return 1;
    case PM_MenuHMargin: return 0;
    case PM_MenuVMargin: return scaled(4);
    case PM_MenuBarPanelWidth: return 0;
    case PM_MenuBarHMargin: return scaled(8);
    case PM_MenuBarVMargin:
    case PM_MenuBarItemSpacing: return 0;
    case PM_ToolTipLabelFrameWidth: return scaled(6);
    case PM_SmallIconSize:
    case PM_ButtonIconSize: return scaled(16);
    case PM_HeaderMargin: return scaled(8);
    case PM_HeaderDefaultSectionSizeHorizontal: return scaled(100);
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return scaled(space::kSmall);
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin: return widget && widget->isWindow() ? scaled(space::kPage) : scaled(space::kMedium);
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin: return scaled(3);
    case PM_TreeViewIndentation: return scaled(16);
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int CsStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_UnderlineShortcut: return (QGuiApplication::keyboardModifiers() & Qt::AltModifier) ? 1 : 0;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Table_GridLineColor:
    case SH_ItemView_ArrowKeysNavigateIntoChildren: break;
    case SH_DialogButtonLayout: return 3; // the GNOME order: affirmative rightmost
    case SH_ScrollBar_Transient: return 0;
    case SH_ScrollBar_LeftClickAbsolutePosition: return 1;
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_Header_ArrowAlignment: return Qt::AlignLeft | Qt::AlignVCenter;
    case SH_Menu_SubMenuPopupDelay: return 120;
    case SH_ToolTipLabel_Opacity: return 255;
    case SH_Widget_Animate:
    case SH_Widget_Animation_Duration: return 0;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
    if (hint == SH_Table_GridLineColor)
        return int(current().hair.rgb());
    return hint == SH_ItemView_ArrowKeysNavigateIntoChildren ? 1 : 0;
}

QIcon CsStyle::standardIcon(StandardPixmap standard, const QStyleOption *option, const QWidget *widget) const
{
    switch (standard) {
    case SP_LineEditClearButton:
    case SP_DialogCloseButton:
    case SP_TitleBarCloseButton: return icon(QStringLiteral("close"));
    case SP_ToolBarHorizontalExtensionButton:
    case SP_ToolBarVerticalExtensionButton: return icon(QStringLiteral("more"));
    case SP_DirIcon: return icon(QStringLiteral("folder"));
    case SP_FileIcon: return icon(QStringLiteral("file"));
    case SP_MessageBoxWarning: return icon(QStringLiteral("warning"));
    case SP_MessageBoxInformation: return icon(QStringLiteral("info"));
    case SP_MessageBoxQuestion: return icon(QStringLiteral("question"));
    default: return QProxyStyle::standardIcon(standard, option, widget);
    }
}

void CsStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget) || qobject_cast<QTabBar *>(widget)
        || qobject_cast<QHeaderView *>(widget) || qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QScrollBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (obeysWheelOnlyWithFocus(widget)) {
        widget->installEventFilter(this);
        if (widget->focusPolicy() == Qt::WheelFocus)
            widget->setFocusPolicy(Qt::StrongFocus);
    }
}

bool CsStyle::eventFilter(QObject *watched, QEvent *event)
{
    // A page is scrolled with the pointer over its fields; none of them may change by that.
    if (event->type() == QEvent::Wheel && obeysWheelOnlyWithFocus(watched) && !static_cast<QWidget *>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    return QProxyStyle::eventFilter(watched, event);
}

} // namespace countersign::theme
