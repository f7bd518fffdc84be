#include "ui/review/signaturepanel.h"

#include "models/policy/signing.h"
#include "models/services/sample/sample.h"
#include "ui/review/sentencepanel.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDateTime>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>

namespace countersign::pages {

using theme::scaled;

SignaturePanel::SignaturePanel(QWidget *parent)
    : QWidget(parent)
    , m_role(new QComboBox)
    , m_approve(new QRadioButton(tr("Approve")))
    , m_reject(new QRadioButton(tr("Reject")))
    , m_meaning(new QLineEdit)
    , m_comment(new QPlainTextEdit)
    , m_commentField(new widgets::FormField(tr("Comment, becomes part of the record"), m_comment))
    , m_sentence(new SentencePanel)
    , m_user(new QLineEdit)
    , m_passphrase(new QLineEdit)
    , m_passphraseField(new widgets::FormField(tr("Signing passphrase"), m_passphrase))
    , m_failure(new widgets::PlainLabel)
    , m_readiness(new widgets::StateLabel(theme::State::Pass, tr("Ready to sign")))
    , m_reason(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_sign(widgets::primaryButton(tr("Sign"), QStringLiteral("sign")))
{
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Page);
    auto *column = new QVBoxLayout(content);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(12), side, scaled(12));
    column->setSpacing(scaled(theme::space::kSmall));
    buildDecision(*column);
    column->addSpacing(scaled(4));
    column->addWidget(new widgets::Hairline);
    column->addSpacing(scaled(4));
    buildSigning(*column);
    column->addStretch(1);

    auto *scroll = new QScrollArea; // the sentence may be long, the screen low
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(scroll, 1);
    outer->addWidget(makeFoot());
    m_reopening.setSingleShot(true);
    connectSignals();
    followChoice();
}

void SignaturePanel::buildDecision(QVBoxLayout &column)
{
    column.addWidget(new widgets::SectionHeading(tr("Decide")));
    column.addWidget(new widgets::FormField(tr("Sign in the role"), m_role));
    auto *choices = new QWidget;
    choices->setAccessibleName(tr("Decision"));
    auto *row = new QHBoxLayout(choices);
    row->setContentsMargins(0, scaled(2), 0, scaled(2));
    row->setSpacing(scaled(24));
    row->addWidget(m_approve);
    row->addWidget(m_reject);
    row->addStretch(1);
    column.addWidget(choices);
    m_approve->setObjectName(QStringLiteral("approve"));
    m_reject->setObjectName(QStringLiteral("reject"));
    m_meaning->setObjectName(QStringLiteral("meaning"));
    m_meaning->setMaxLength(300);
    column.addWidget(new widgets::FormField(tr("Meaning of the signature"), m_meaning));
    m_comment->setObjectName(QStringLiteral("comment"));
    m_comment->setTabChangesFocus(true);
    m_comment->setFixedHeight(scaled(54));
    column.addWidget(m_commentField);
}

void SignaturePanel::buildSigning(QVBoxLayout &column)
{
    column.addWidget(new widgets::SectionHeading(tr("You are about to sign this sentence")));
    column.addWidget(m_sentence);
    const int offset = QDateTime::currentDateTime().offsetFromUtc() / 60;
    auto *clock = new widgets::PlainLabel(tr("Its time is the moment of signing, by this computer's clock (UTC%1).").arg(QString::fromStdString(formatOffset(offset))),
                                          theme::Type::Secondary, widgets::Ink::Tertiary);
    clock->setWordWrap(true);
    column.addWidget(clock);
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(10));
    m_user->setReadOnly(true);
    m_user->setFocusPolicy(Qt::ClickFocus);
    m_user->setFixedWidth(scaled(112));
    row->addWidget(new widgets::FormField(tr("User"), m_user), 0, Qt::AlignTop);
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setContextMenuPolicy(Qt::DefaultContextMenu); // pasting from a password manager is welcome
    row->addWidget(m_passphraseField, 1, Qt::AlignTop);
    column.addLayout(row);
}

QWidget *SignaturePanel::makeFoot()
{
    auto *foot = new widgets::Pane(widgets::Ground::Page, Qt::TopEdge);
    auto *column = new QVBoxLayout(foot);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(10), side, scaled(12));
    column->setSpacing(scaled(6));
    m_failure->setWordWrap(true);
    m_failure->hide();
    column->addWidget(m_failure);
    column->addWidget(m_readiness);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_reason->setWordWrap(true);
    column->addWidget(m_reason);
    auto *row = new QHBoxLayout;
    row->addWidget(new widgets::PlainLabel(tr("Enter does not sign"), theme::Type::Secondary, widgets::Ink::Tertiary), 1);
    m_sign->setObjectName(QStringLiteral("sign"));
    m_sign->setDefault(false);
    m_sign->installEventFilter(this);
    row->addWidget(m_sign);
    column->addLayout(row);
    return foot;
}

void SignaturePanel::connectSignals()
{
    connect(m_role, &QComboBox::currentIndexChanged, this, [this] { proposeMeaning(); followChoice(); });
    connect(m_approve, &QRadioButton::toggled, this, [this] { proposeMeaning(); followChoice(); });
    connect(m_reject, &QRadioButton::toggled, this, [this] { proposeMeaning(); followChoice(); });
    connect(m_meaning, &QLineEdit::textChanged, this, &SignaturePanel::followChoice);
    connect(m_comment, &QPlainTextEdit::textChanged, this, &SignaturePanel::followChoice);
    connect(m_passphrase, &QLineEdit::textEdited, this, [this] {
        m_passphraseField->setError({});
        m_failure->hide();
        showObstacle();
    });
    connect(m_passphrase, &QLineEdit::textChanged, this, &SignaturePanel::showObstacle);
    connect(&m_reopening, &QTimer::timeout, this, [this] {
        m_passphraseField->setError({});
        showObstacle();
    });
    connect(m_sign, &QPushButton::clicked, this, [this] {
        if (m_sign->isEnabled() && !m_isSigning)
            Q_EMIT signRequested();
    });
}

void SignaturePanel::setCase(const ReviewCase &review)
{
    m_case = review;
    const QVariant chosen = m_role->currentData();
    {
        const QSignalBlocker quiet(m_role);
        m_role->clear();
        for (const Role role : review.roles) {
            const auto title = roleTitle(role);
            m_role->addItem(QString::fromUtf8(title.data(), qsizetype(title.size())), int(role));
        }
        m_role->setCurrentIndex(std::max(0, m_role->findData(chosen)));
    }
    m_role->setEnabled(review.roles.size() > 1);
    m_user->setText(QString::fromStdString(review.person.login));
    m_sentence->setAdverse(review.adverse);
    m_passphraseField->setHint(review.isSeries ? tr("Not needed again yet: the signing policy allows several signatures in a row.") : review.isSample ? tr("Sample: everybody's passphrase is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase)) : QString());
    takeAttempts(review.attempts);
    proposeMeaning();
    followChoice();
}

SignatureChoice SignaturePanel::choice() const
{
    SignatureChoice choice;
    if (m_role->currentIndex() >= 0)
        choice.role = static_cast<Role>(m_role->currentData().toInt());
    if (m_approve->isChecked() || m_reject->isChecked())
        choice.decision = m_approve->isChecked() ? Decision::Approve : Decision::Reject;
    choice.meaning = m_meaning->text().trimmed().toStdString();
    choice.comment = m_comment->toPlainText().trimmed().toStdString();
    return choice;
}

/// Fills the meaning in, unless the signer wrote one.
void SignaturePanel::proposeMeaning()
{
    const auto chosen = choice();
    if (!chosen.decision || m_role->currentIndex() < 0 || (!m_meaning->text().isEmpty() && m_meaning->text() != m_proposed))
        return;
    m_proposed = QString::fromStdString(policy::defaultMeaning(chosen.role, *chosen.decision));
    m_meaning->setText(m_proposed);
}

void SignaturePanel::followChoice()
{
    const auto chosen = choice();
    m_sentence->setSentence(chosen.decision && m_role->currentIndex() >= 0
                                ? QString::fromStdString(services::signingSentence(m_case.bundle, m_case.person, chosen.role, *chosen.decision, chosen.meaning))
                                : tr("Choose a decision to read the sentence."));
    m_commentField->setHint(chosen.decision == Decision::Reject ? tr("A rejection needs its reason.") : QString());
    const QString role = m_role->currentText();
    m_sign->setText(role.isEmpty() ? tr("Sign") : tr("Sign as %1").arg(role));
    showObstacle();
    Q_EMIT choiceChanged();
}

QString SignaturePanel::sentence() const
{
    return m_sentence->sentence();
}

QString SignaturePanel::roleName() const
{
    return m_role->currentText();
}

bool SignaturePanel::isDecided() const
{
    const auto chosen = choice();
    return chosen.decision && m_role->currentIndex() >= 0 && policy::maySign(m_case.person, chosen.role, *chosen.decision, chosen.meaning, chosen.comment);
}

void SignaturePanel::setObstacle(const QString &reason)
{
    m_obstacle = reason;
    showObstacle();
}

/// What stands against signing on this side, the most fundamental first; empty: nothing.
QString SignaturePanel::ownObstacle() const
{
    const auto chosen = choice();
    if (m_case.roles.empty())
        return tr("None of your roles signs reviews. Ask an administrator for one, or a colleague to sign.");
    if (!m_case.person.hasKey)
        return tr("You have no signing key yet. An administrator enrols one.");
    if (!m_obstacle.isEmpty())
        return m_obstacle;
    if (!chosen.decision)
        return tr("Choose whether you approve or reject.");
    if (const auto status = policy::maySign(m_case.person, chosen.role, *chosen.decision, chosen.meaning, chosen.comment); !status)
        return QString::fromStdString(status.error().message);
    if (m_attempts.isClosed(std::chrono::steady_clock::now()))
        return tr("After five wrong passphrases signing is closed here for 15 minutes.");
    if (m_passphrase->text().isEmpty() && !m_case.isSeries)
        return tr("Type your signing passphrase.");
    return {};
}

void SignaturePanel::showObstacle()
{
    const QString reason = m_isSigning ? tr("Signing…") : ownObstacle();
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_readiness->setVisible(reason.isEmpty());
    m_sign->setEnabled(reason.isEmpty());
    m_sign->setAccessibleDescription(reason);
    m_passphrase->setEnabled(!m_isSigning && !m_attempts.isClosed(std::chrono::steady_clock::now()));
}

void SignaturePanel::setSigning(bool isSigning)
{
    m_isSigning = isSigning;
    for (QWidget *field : {static_cast<QWidget *>(m_approve), static_cast<QWidget *>(m_reject), static_cast<QWidget *>(m_meaning), static_cast<QWidget *>(m_comment)})
        field->setEnabled(!isSigning);
    m_role->setEnabled(!isSigning && m_case.roles.size() > 1);
    showObstacle();
}

void SignaturePanel::refusePassphrase(const QString &why, const services::AttemptLimit &attempts)
{
    takeAttempts(attempts);
    m_case.isSeries = false;
    if (m_attempts.isClosed(std::chrono::steady_clock::now())) {
        m_passphraseField->setError(tr("%1 That was the fifth wrong one.").arg(why));
    } else {
        const int left = m_attempts.attemptsLeft();
        m_passphraseField->setError(left == 1 ? tr("%1 1 attempt left.").arg(why) : tr("%1 %2 attempts left.").arg(why).arg(left));
    }
    showObstacle();
    m_passphrase->setFocus(Qt::OtherFocusReason);
}

void SignaturePanel::takeAttempts(const services::AttemptLimit &attempts)
{
    m_attempts = attempts;
    const auto now = std::chrono::steady_clock::now();
    if (m_attempts.isClosed(now))
        m_reopening.start(std::chrono::ceil<std::chrono::milliseconds>(m_attempts.opensAt() - now));
}

void SignaturePanel::showFailure(const QString &text)
{
    m_failure->setText(text);
    m_failure->setVisible(!text.isEmpty());
    m_failure->setAccessibleName(tr("Not signed: %1").arg(text));
}

std::shared_ptr<crypto::Secret> SignaturePanel::takePassphrase()
{
    QString text = m_passphrase->text();
    m_passphrase->clear(); // the field's own copy; `text` is now the only one
    QByteArray utf8 = text.toUtf8();
    text.fill(QChar(u'\0'));
    std::string bytes(utf8.constData(), std::size_t(utf8.size()));
    utf8.fill('\0');
    return std::make_shared<crypto::Secret>(crypto::Secret::takeFrom(bytes));
}

/// Some desktops press the focused button by Enter. Not this one.
bool SignaturePanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_sign && (event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease)) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace countersign::pages
