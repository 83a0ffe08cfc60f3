// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVitalRecords} from "../interfaces/IVitalRecords.sol";
import {Attesting} from "./Attesting.t.sol";

/// Doctors, registrars and a patient that do anything in any order, of births and of deaths. A model of its own says how
/// each stands, and each request is required to be taken or refused as the model says.
contract RegistryOffice is Attesting {
    struct Model {
        IVitalRecords.Stage stage;
        uint256 step;
        bytes32 digest;
        uint256 reporter;
        uint64 since;
    }

    uint256 public wills;
    mapping(bool born => Model) private _models;
    uint64 private _now = NOW;

    constructor() {
        Attesting.setUp();
    }

    function setUp() public override {}

    /// The fuzzer forgets the time between its calls.
    modifier onTime() {
        vm.warp(_now);
        _;
    }

    function vitalContract() external view returns (IVitalRecords) {
        return vital;
    }

    function handleOf() external pure returns (bytes32) {
        return HANDLE;
    }

    function modelOf(bool born) external view returns (Model memory) {
        return _models[born];
    }

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, OBJECTION));
    }

    function reportSomeone(bool born, uint8 who) external onTime {
        uint256 key = _key(who);
        Model storage model = _models[born];
        (bytes4 refusal, bytes32 digest) = reportBy(_word(born), uint16(model.step + 1), key);
        bytes4 expected;
        if (born ? !_registers(key) : !_attests(key)) expected = IVitalRecords.RoleUnfit.selector;
        else if (model.stage != IVitalRecords.Stage.None) expected = IVitalRecords.ReportKnown.selector;
        same(refusal, expected);
        if (expected != 0) return;
        (model.digest, model.reporter, model.stage) = (digest, key, IVitalRecords.Stage.Reported);
        ++model.step;
    }

    function confirmSomeone(bool born, uint8 who, bool stale) external onTime {
        uint256 key = _key(who);
        Model storage model = _models[born];
        bytes32 named = stale ? keccak256(abi.encode(model.digest)) : model.digest;
        bytes4 refusal = confirm(_word(born), named, uint16(model.step + 1), key);
        same(refusal, _expectedOfConfirmation(model, key, stale));
        if (refusal != 0) return;
        (model.stage, model.since) = (IVitalRecords.Stage.Confirmed, _now);
        ++model.step;
    }

    function undoSomeone(bool born, uint8 who, uint8 other) external onTime {
        (uint256 first, uint256 second) = (_key(who), _key(other));
        Model storage model = _models[born];
        bytes4 refusal = undo(_word(born), model.digest, uint16(model.step + 1), first, second);
        bytes4 expected;
        if (!_attests(first) || !_attests(second)) expected = IVitalRecords.RoleUnfit.selector;
        else if (_at(first) == _at(second)) expected = IVitalRecords.OrganisationsAlike.selector;
        else if (!_registers(first) && !_registers(second))
            expected = IVitalRecords.RegistrarMissing.selector;
        else if (model.stage == IVitalRecords.Stage.None) expected = IVitalRecords.ReportUnknown.selector;
        same(refusal, expected);
        if (refusal == 0) _takeBack(model);
    }

    function objectOneself(bool born, bool stranger) external onTime {
        Model storage model = _models[born];
        uint256 key = stranger ? STRANGER_KEY : PATIENT_KEY;
        bytes4 refusal = object(_word(born), model.digest, uint16(model.step + 1), key);
        bytes4 expected;
        if (stranger) return so(refusal != 0, "a stranger objects to nothing");
        if (model.stage == IVitalRecords.Stage.Confirmed && _now >= model.since + OBJECTION)
            expected = IVitalRecords.ObjectionLate.selector;
        else if (model.stage == IVitalRecords.Stage.None) expected = IVitalRecords.ReportUnknown.selector;
        same(refusal, expected);
        if (refusal == 0) _takeBack(model);
    }

    function willSomething(uint8 words) external onTime {
        bytes4 refusal = setWill(keccak256(abi.encode(words)), uint16(wills + 1), PATIENT_KEY);
        bool lives = _models[false].stage == IVitalRecords.Stage.None;
        same(refusal, lives ? bytes4(0) : IVitalRecords.DeathKnown.selector);
        if (refusal == 0) ++wills;
    }

    function _takeBack(Model storage model) private {
        model.stage = IVitalRecords.Stage.None;
        ++model.step;
    }

    function _expectedOfConfirmation(
        Model storage model,
        uint256 key,
        bool stale
    ) private view returns (bytes4) {
        if (!_attests(key)) return IVitalRecords.RoleUnfit.selector;
        if (model.stage == IVitalRecords.Stage.Confirmed) return IVitalRecords.ReportKnown.selector;
        if (model.stage == IVitalRecords.Stage.None || stale) return IVitalRecords.ReportUnknown.selector;
        if (_at(key) == _at(model.reporter)) return IVitalRecords.OrganisationsAlike.selector;
        bool one_ = _registers(key) || _registers(model.reporter);
        return one_ ? bytes4(0) : IVitalRecords.RegistrarMissing.selector;
    }

    function _word(bool born) private pure returns (string memory) {
        return born ? BIRTH : DEATH;
    }

    function _key(uint8 who) private pure returns (uint256) {
        uint256[6] memory keys = [
            DOCTOR_KEY,
            REGISTRAR_KEY,
            OTHER_REGISTRAR_KEY,
            FAR_DOCTOR_KEY,
            OTHER_DOCTOR_KEY,
            NURSE_KEY
        ];
        return keys[who % 6];
    }

    function _attests(uint256 key) private pure returns (bool) {
        return key != NURSE_KEY;
    }

    function _registers(uint256 key) private pure returns (bool) {
        return key == REGISTRAR_KEY || key == OTHER_REGISTRAR_KEY;
    }

    function _at(uint256 key) private pure returns (bytes32) {
        if (key == OTHER_REGISTRAR_KEY || key == NURSE_KEY) return "laboratory";
        return key == FAR_DOCTOR_KEY ? bytes32("insurer") : bytes32("hospital");
    }
}
