#pragma once

#include "models/domain/judgement.h"
#include "models/importers/source.h"

#include <string>
#include <vector>

/// What the sample portfolio consists of: fictional models, limits, numbers and sign-offs.
namespace countersign::services {

struct SampleModel {
    std::string name;
    std::string useCase;
    std::string owner;
    int tier;
    std::string purpose;
    std::string description;
    struct Version {
        std::string label;
        std::string stage; ///< the registry's word
        int createdWeek;
    };
    std::vector<Version> versions;
    std::string champion;
};
const std::vector<SampleModel> &sampleModels();
/// The same as a registry would give it.
importers::Inventory sampleInventory();

/// How the weekly values of one series come about.
struct SampleSeries {
    std::string model;
    std::string version;
    std::string metric;
    Slice slice;
    double level;
    double noise;
    double n;
    int firstWeek = 0;
    int lastWeek = 104;
    int driftFrom = 104;
    double driftPerWeek = 0;
    double season = 0;
    int gapFrom = 999;
    int gapTo = 999;
    double lowest = 0;
    double highest = 1;
    bool hasInterval = true;
};
std::vector<SampleSeries> sampleSeries();

std::vector<Rule> sampleLimits();

struct SampleSignOff {
    std::string subject;
    std::string login;
    Role role;
    Decision decision;
    std::string meaning;
    std::string comment;
    bool isBeforeLastImport;
};
const std::vector<SampleSignOff> &sampleSignOffs();

} // namespace countersign::services
