#include "ui/widgets/messages/backgroundjob.h"
