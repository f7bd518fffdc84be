#include "ui/widgets/backgroundjob.h"
