#pragma once
#include "pch_core.h"
#include <QtCharts/QtCharts>
#include <QtSvg/QtSvg>
#include <QtWidgets/QtWidgets>
