// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DeathRequest} from "../VitalTypes.sol";
import {IVitalRecords} from "../interfaces/IVitalRecords.sol";
import {Attesting} from "./Attesting.t.sol";

/// Doctors, registrars and a patient that do anything in any order. A model of its own says what a life is, and each
/// request is required to be taken or refused as the model says.
contract RegistryOffice is Attesting {
    uint256 public step;
    uint256 public wills;
    IVitalRecords.LifeState public modelled;
    bytes32 public digest;
    uint256 private _reporter;
    uint64 private _since;
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

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, DELAY));
    }

    function reportSomeone(uint8 who) external onTime {
        uint256 key = _key(who);
        DeathRequest memory request = death(uint16(step + 1), vm.addr(key));
        bytes4 expected;
        if (!_attests(key)) expected = IVitalRecords.RoleUnfit.selector;
        else if (modelled != IVitalRecords.LifeState.Living) expected = IVitalRecords.DeathKnown.selector;
        same(report(request, key), expected);
        if (expected != 0) return;
        (digest, _reporter, modelled) = (
            digestOf(texts.hash(request)),
            key,
            IVitalRecords.LifeState.Reported
        );
        ++step;
    }

    function confirmSomeone(uint8 who, bool stale) external onTime {
        uint256 key = _key(who);
        bytes32 named = stale ? keccak256(abi.encode(digest)) : digest;
        bytes4 refusal = confirm(named, uint16(step + 1), vm.addr(key), key);
        same(refusal, _expectedOfConfirmation(key, stale));
        if (refusal != 0) return;
        (modelled, _since) = (IVitalRecords.LifeState.Dead, _now);
        ++step;
    }

    function undoSomeone(uint8 who, uint8 other) external onTime {
        (uint256 first, uint256 second) = (_key(who), _key(other));
        bytes4 refusal = undo(
            undoing(digest, uint16(step + 1), vm.addr(first), vm.addr(second)),
            first,
            second
        );
        bytes4 expected;
        if (!_attests(first) || !_attests(second)) expected = IVitalRecords.RoleUnfit.selector;
        else if (_at(first) == _at(second)) expected = IVitalRecords.OrganisationsAlike.selector;
        else if (!_registers(first) && !_registers(second))
            expected = IVitalRecords.RegistrarMissing.selector;
        else if (modelled == IVitalRecords.LifeState.Living) expected = IVitalRecords.DeathUnknown.selector;
        same(refusal, expected);
        if (refusal == 0) _revive();
    }

    function objectOneself(bool stranger) external onTime {
        bytes4 refusal = object(digest, uint16(step + 1), stranger ? STRANGER_KEY : PATIENT_KEY);
        bytes4 expected;
        if (stranger) return so(refusal != 0, "a stranger objects to nothing");
        if (modelled == IVitalRecords.LifeState.Dead && _now >= _since + DELAY)
            expected = IVitalRecords.ObjectionLate.selector;
        else if (modelled == IVitalRecords.LifeState.Living) expected = IVitalRecords.DeathUnknown.selector;
        same(refusal, expected);
        if (refusal == 0) _revive();
    }

    function willSomething(uint8 words) external onTime {
        bytes4 refusal = setWill(keccak256(abi.encode(words)), uint16(wills + 1), PATIENT_KEY);
        bool lives = modelled == IVitalRecords.LifeState.Living;
        same(refusal, lives ? bytes4(0) : IVitalRecords.DeathKnown.selector);
        if (refusal == 0) ++wills;
    }

    function _revive() private {
        modelled = IVitalRecords.LifeState.Living;
        ++step;
    }

    function _expectedOfConfirmation(uint256 key, bool stale) private view returns (bytes4) {
        if (!_attests(key)) return IVitalRecords.RoleUnfit.selector;
        if (modelled == IVitalRecords.LifeState.Dead) return IVitalRecords.DeathKnown.selector;
        if (modelled == IVitalRecords.LifeState.Living || stale) return IVitalRecords.DeathUnknown.selector;
        if (_at(key) == _at(_reporter)) return IVitalRecords.OrganisationsAlike.selector;
        bool one_ = _registers(key) || _registers(_reporter);
        return one_ ? bytes4(0) : IVitalRecords.RegistrarMissing.selector;
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
