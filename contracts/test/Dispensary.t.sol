// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DispenseRequest, PrescriptionRequest} from "../PrescriptionTypes.sol";
import {IPrescriptions} from "../interfaces/IPrescriptions.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {Prescribing} from "./Prescribing.t.sol";

/// Prescribers, patients and pharmacies that do anything in any order. A model of its own counts fills
/// one by one, and each request is required to be taken or refused as the model says.
contract Dispensary is Prescribing {
    /// A prescription as the model has it.
    struct Modelled {
        bytes32 digest;
        bool held;
        bool ended;
        uint256 step;
        uint256 holderKey;
        uint256 slipKey;
        uint256 begun;
        uint256 filledOn;
        uint256 leftOfFill;
        uint256 dispensed;
        PrescriptionRequest request;
    }

    Modelled[] private _made;
    uint64 private _now = NOW;

    constructor() {
        Prescribing.setUp();
    }

    function setUp() public override {}

    /// The fuzzer forgets the time between its calls.
    modifier onTime() {
        vm.warp(_now);
        _;
    }

    function made() external view returns (Modelled[] memory) {
        return _made;
    }

    function prescriptionsContract() external view returns (IPrescriptions) {
        return prescriptions;
    }

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, 20 days));
    }

    function prescribeSomething(uint24 amount, uint8 fills, uint16 interval, uint16 first) external onTime {
        if (_made.length > 5) return;
        PrescriptionRequest memory request = prescription();
        request.amount = uint24(within(amount, 1, 40));
        request.fills = uint8(within(fills, 1, 4));
        request.interval = uint16(within(interval, 0, 30));
        request.from = uint64(block.timestamp + within(first, 0, 3 days));
        request.until = request.from + 60 days;
        request.deadline = uint64(block.timestamp);
        request.termsHash = keccak256(abi.encode(_made.length));
        taken(prescribe(request, DOCTOR_KEY));
        Modelled storage made_ = _made.push();
        (made_.digest, made_.request) = (digestOf(request), request);
        (made_.holderKey, made_.slipKey) = (HOLDER_KEY, SLIP_KEY);
    }

    function dispenseSome(uint8 which, uint24 amount, uint8 ahead, uint8 other) external onTime {
        if (_made.length == 0) return;
        Modelled storage one_ = _made[which % _made.length];
        amount = amount % 45;
        uint256 step = one_.step + (ahead % 4 == 0 ? ahead % 3 : 1);
        // The holder's own key dispenses no more than a stranger's.
        bool stranger = other % 2 == 1;
        uint256 key =
            !stranger
                ? one_.slipKey
                : other % 4 == 1
                    ? STRANGER_KEY
                    : one_.holderKey;
        bytes4 expected = _expected(one_, amount, step, stranger);
        bytes4 refusal = dispense(
            DispenseRequest(one_.digest, uint16(step), amount, keccak256("x"), uint64(block.timestamp)),
            key
        );
        same(refusal, expected);
        if (refusal == 0) _take(one_, amount);
    }

    function holdOne(uint8 which, bool held) external onTime {
        if (_made.length == 0) return;
        Modelled storage one_ = _made[which % _made.length];
        bytes4 refusal = hold(one_.digest, uint16(one_.step + 1), held, DOCTOR_KEY);
        if (one_.ended) return refused(refusal, IPrescriptions.PrescriptionIsEnded.selector);
        if (one_.held == held) return refused(refusal, IPrescriptions.HoldUnchanged.selector);
        taken(refusal);
        (one_.held, one_.step) = (held, one_.step + 1);
    }

    function passOne(uint8 which, uint8 key, bool bySlip) external onTime {
        if (_made.length == 0) return;
        Modelled storage one_ = _made[which % _made.length];
        uint256 next = 0x5000 + uint256(key);
        bytes4 refusal = pass(
            one_.digest,
            uint16(one_.step + 1),
            vm.addr(next),
            vm.addr(next + 0x1000),
            bySlip ? one_.slipKey : one_.holderKey
        );
        if (one_.ended) return refused(refusal, IPrescriptions.PrescriptionIsEnded.selector);
        if (bySlip) return refused(refusal, IRefusals.SignatureInvalid.selector);
        taken(refusal);
        (one_.holderKey, one_.slipKey, one_.step) = (next, next + 0x1000, one_.step + 1);
    }

    function cancelOne(uint8 which, uint8 seldom) external onTime {
        if (_made.length == 0 || seldom % 8 != 0) return;
        Modelled storage one_ = _made[which % _made.length];
        bytes4 refusal = cancel(one_.digest, DOCTOR_KEY);
        if (one_.ended) return refused(refusal, IPrescriptions.PrescriptionIsEnded.selector);
        taken(refusal);
        one_.ended = true;
    }

    function _expected(
        Modelled storage one_,
        uint256 amount,
        uint256 step,
        bool stranger
    ) private view returns (bytes4) {
        PrescriptionRequest storage request = one_.request;
        if (one_.ended) return IPrescriptions.PrescriptionIsEnded.selector;
        if (one_.held) return IPrescriptions.PrescriptionIsHeld.selector;
        if (block.timestamp < request.from || block.timestamp >= request.until)
            return IPrescriptions.PrescriptionOutOfTime.selector;
        if (step != one_.step + 1) return IPrescriptions.StepUnexpected.selector;
        if (amount == 0 || amount > _left(one_)) return IPrescriptions.AmountExceeded.selector;
        if (one_.leftOfFill == 0 && one_.begun > 0) {
            uint256 today = (block.timestamp - request.from) / 1 days;
            if (today < one_.filledOn + request.interval) return IPrescriptions.FillEarly.selector;
        }
        return stranger ? IRefusals.SignatureInvalid.selector : bytes4(0);
    }

    /// The most that a dispense may be: of the fill that is open or would be opened; of all fills without an interval.
    function _left(Modelled storage one_) private view returns (uint256) {
        PrescriptionRequest storage request = one_.request;
        uint256 fills = request.fills - one_.begun;
        if (request.interval == 0) return one_.leftOfFill + fills * request.amount;
        if (one_.leftOfFill > 0) return one_.leftOfFill;
        return fills > 0 ? request.amount : 0;
    }

    function _take(Modelled storage one_, uint256 amount) private {
        PrescriptionRequest storage request = one_.request;
        one_.step += 1;
        one_.dispensed += amount;
        while (amount > 0) {
            if (one_.leftOfFill == 0) {
                (one_.leftOfFill, one_.begun) = (request.amount, one_.begun + 1);
                one_.filledOn = (block.timestamp - request.from) / 1 days;
            }
            uint256 part = amount < one_.leftOfFill ? amount : one_.leftOfFill;
            (one_.leftOfFill, amount) = (one_.leftOfFill - part, amount - part);
        }
    }
}
