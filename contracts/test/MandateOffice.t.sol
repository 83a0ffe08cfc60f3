// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MandateRequest} from "../MandateTypes.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {Acting} from "./Acting.t.sol";

/// A patient and five keys that give and end mandates in any order. A model says who acts, and each request is required to be
/// taken exactly where the model says.
contract MandateOffice is Acting {
    struct Model {
        bool given;
        uint8 powers;
        uint64 until;
        bool ended;
        /// Place of the appointer among the keys; 0 for the patient.
        uint256 by;
    }

    mapping(uint256 who => Model) private _models;
    uint64 private _now = NOW;

    constructor() {
        Acting.setUp();
    }

    function setUp() public override {}

    /// The fuzzer forgets the time between its calls.
    modifier onTime() {
        vm.warp(_now);
        _;
    }

    function keyOf(uint256 who) public pure returns (uint256) {
        return who == 0 ? PATIENT_KEY : 0xAC70 + who;
    }

    function theMandates() external view returns (IMandates) {
        return mandates;
    }

    function handleOf() external pure returns (bytes32) {
        return HANDLE;
    }

    function nowOf() external view returns (uint64) {
        return _now;
    }

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, 40 days));
    }

    function appointSomeone(uint8 by, uint8 whom, uint8 powers, uint32 lasts) external onTime {
        (uint256 signer, uint256 who) = (within(by, 0, 5), within(whom, 1, 5));
        powers = uint8(within(powers, 1, 7));
        uint64 until = _now + uint64(within(lasts, 1, 90 days));
        MandateRequest memory request = MandateRequest(
            keccak256(abi.encode(who)),
            HANDLE,
            vm.addr(keyOf(who)),
            powers,
            until,
            _now
        );
        bytes4 refusal = appoint(request, keyOf(signer));
        bool passes =
            signer == 0 ||
                (holds(signer, APPOINT, _now) &&
                    powers & ~(_models[signer].powers & 3) == 0 &&
                    until <= _models[signer].until);
        so((refusal == 0) == (passes && !_models[who].given), "appointed where the model says");
        if (refusal == 0) _models[who] = Model(true, powers, until, false, signer);
    }

    function endSomeone(uint8 by, uint8 whom) external onTime {
        (uint256 signer, uint256 who) = (within(by, 0, 5), within(whom, 1, 5));
        Model storage model = _models[who];
        bytes4 refusal = endMandate(vm.addr(keyOf(who)), keyOf(signer));
        bool may_ = signer == 0 || signer == who || (signer == model.by && holds(signer, 0, _now));
        so((refusal == 0) == (may_ && model.given && !model.ended), "ended where the model says");
        if (refusal == 0) model.ended = true;
    }

    function holds(uint256 who, uint8 power, uint64 moment) public view returns (bool) {
        Model storage model = _models[who];
        if (!model.given || model.ended || moment >= model.until) return false;
        if (model.powers & power != power) return false;
        return model.by == 0 || holds(model.by, 0, moment);
    }
}
